using System.Net;
using DotNetty.Transport.Bootstrapping;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace Gain.Bench.Peers;

/// <summary>DotNetty: Netty's channels and event loops, one of each.</summary>
internal static class DotNettyServer
{
    public static async Task RunAsync(bool isHttp, int port)
    {
        var boss = new MultithreadEventLoopGroup(1);
        var workers = new MultithreadEventLoopGroup(1);
        await new ServerBootstrap()
            .Group(boss, workers)
            .Channel<TcpServerSocketChannel>()
            .Option(ChannelOption.SoBacklog, 4_096)
            .ChildOption(ChannelOption.TcpNodelay, true)
            .ChildHandler(new ActionChannelInitializer<IChannel>(
                channel => channel.Pipeline.AddLast(new DotNettyHandler(isHttp))))
            .BindAsync(IPAddress.Loopback, port);
        await Task.Delay(Timeout.Infinite);
    }
}
