using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Rings;

/// <summary>The part of a ring's seam that outgoing connections need.</summary>
internal interface IConnector
{
    /// <summary>Opens a socket to connect with.</summary>
    /// <param name="sockets">Its options.</param>
    /// <param name="family">Its family.</param>
    /// <returns>The descriptor, or a negative errno.</returns>
    internal int OpenOutgoing(OutgoingSockets sockets, int family);

    /// <summary>
    /// Prepares the connect of such a socket: one completion, 0 or a negative errno. One that was cancelled
    /// leaves a socket that is of no use anymore; closing it before the completion would lose that.
    /// </summary>
    /// <param name="socket">The socket.</param>
    /// <param name="address">Where to; copied.</param>
    /// <param name="length">How many bytes of it count.</param>
    /// <param name="userData">The operation's user_data.</param>
    internal void PrepConnect(int socket, in sockaddr_storage address, uint length, ulong userData);

    /// <summary>Does what a socket needs once it is connected, before anything else on it.</summary>
    /// <returns>0, or a negative errno: ECONNREFUSED for one that is connected to itself.</returns>
    internal int FinishConnect(int socket);
}
