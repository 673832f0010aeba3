using Gain.Kernel;

namespace Gain.Rings;

/// <summary>What datagrams are sent with: the part of a ring that needs no completion.</summary>
internal interface IDatagramSink
{
    /// <summary>Sends datagrams at once, as far as the socket takes them, without waiting.</summary>
    /// <returns>How many were sent; a negative errno when the first could not be.</returns>
    internal unsafe int SendDatagrams(int socket, mmsghdr* messages, int count);
}
