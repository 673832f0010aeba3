using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Gain.Bench.Peers;

/// <summary>
/// Kestrel below HTTP: a connection handler on its pipes, with what its makers recommend for handlers that do
/// not block, continuations on the threads of the sockets.
/// </summary>
internal static class KestrelServer
{
    public static Task RunAsync(bool isHttp, int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSockets(options =>
        {
            options.UnsafePreferInlineScheduling = true;
            options.IOQueueCount = 0;
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, port, listen => listen.Run(isHttp ? AnswerAsync : EchoAsync)));
        return builder.Build().RunAsync();
    }

    private static async Task EchoAsync(ConnectionContext connection)
    {
        PipeReader input = connection.Transport.Input;
        PipeWriter output = connection.Transport.Output;
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                output.Write(piece.Span);
            }

            input.AdvanceTo(read.Buffer.End);
            FlushResult flushed = await output.FlushAsync();
            if (read.IsCompleted || flushed.IsCompleted)
            {
                return;
            }
        }
    }

    private static async Task AnswerAsync(ConnectionContext connection)
    {
        PipeReader input = connection.Transport.Input;
        PipeWriter output = connection.Transport.Output;
        var requests = new RequestCounter();
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            byte[] answer = HttpAnswer.Bytes;
            for (int count = requests.Count(read.Buffer); count > 0; count--)
            {
                output.Write(answer);
            }

            input.AdvanceTo(read.Buffer.End);
            FlushResult flushed = await output.FlushAsync();
            if (read.IsCompleted || flushed.IsCompleted)
            {
                return;
            }
        }
    }
}
