using System.Net;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>Asks the kernel whether this machine has an address, by binding a socket to it.</summary>
internal static class AddressProbe
{
    /// <summary>
    /// Whether a listener could bind the address now. Any port will do, so none is in the way.
    /// </summary>
    internal static bool CanBind(IPAddress address)
    {
        var endPoint = new IPEndPoint(address, 0);
        int fd = SocketOptions.OpenStream(endPoint);
        if (fd < 0)
        {
            return false;
        }

        int result = SocketOptions.Bind(fd, endPoint);
        Libc.Close(fd);
        return result == 0;
    }
}
