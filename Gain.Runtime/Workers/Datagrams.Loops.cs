using Gain.Datagrams;
using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;

namespace Gain.Workers;

/// <remarks>Datagrams that a socket has sent itself.</remarks>
internal sealed unsafe partial class Datagrams<TProtocol, TRing>
{
    /// <summary>
    /// Whether a datagram says that the socket has sent it: an answer would come back as the next one, for
    /// ever. The address may be forged, by somebody who wants just that.
    /// </summary>
    /// <remarks>
    /// A socket that is bound to every address has the port on all of them to itself. So whatever comes from
    /// an address of the machine and from the port is its own, also when it was sent to another of the
    /// addresses.
    /// </remarks>
    private static bool IsOwn(DatagramSocket socket, ref readonly DatagramHead head)
    {
        ref readonly DatagramTraits traits = ref socket.Traits;
        if (head.NameStart != traits.NameStart || head.Out.namelen <= sizeof(ushort))
        {
            return false;
        }

        if (traits.Family == SocketAbi.AF_UNIX)
        {
            return traits.IsLocalName(head.RawName);
        }

        var datagram = new Datagram(socket, in head);
        GainAddress remote = datagram.RemoteAddress;
        return remote.HasSameHost(datagram.LocalAddress)
            || (traits.HasPacketInfo && MachineAddresses.Contain(remote));
    }
}
