using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Gain.Bench.Peers;

/// <summary>Echoes, or answers requests.</summary>
internal sealed class DotNettyHandler(bool isHttp) : ChannelHandlerAdapter
{
    private RequestCounter _requests;

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        if (!isHttp)
        {
            _ = context.WriteAsync(message);
            return;
        }

        var received = (IByteBuffer)message;
        byte[] answer = HttpAnswer.Bytes;
        int count = _requests.Count(received.GetIoBuffer());
        received.Release();
        if (count == 0)
        {
            return;
        }

        IByteBuffer answers = context.Allocator.Buffer(count * answer.Length);
        for (int i = 0; i < count; i++)
        {
            answers.WriteBytes(answer);
        }

        _ = context.WriteAsync(answers);
    }

    public override void ChannelReadComplete(IChannelHandlerContext context) => context.Flush();

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) =>
        _ = context.CloseAsync();
}
