using System.Net;
using System.Net.Sockets;

namespace Gain.Tests.Uring;

/// <summary>Two connected TCP sockets.</summary>
internal static class TcpPair
{
    internal static DescriptorPair Create()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        using Socket accepted = listener.Accept();
        return DescriptorPair.Duplicate((int)accepted.Handle, (int)client.Handle);
    }
}
