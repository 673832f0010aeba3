namespace Gain;

/// <remarks>What concerns datagrams.</remarks>
public sealed partial class GainOptions
{
    /// <summary>
    /// The longest datagram that is received whole, in bytes: 64 to 1,048,576. Default: 65,536, which no UDP
    /// datagram exceeds. Of a longer one the rest is lost: <see cref="Datagram.IsTruncated"/> says so, and it
    /// is counted. Below 65,507, datagrams are not received several at once, whatever
    /// <see cref="DatagramReceiveOffload"/> says.
    /// </summary>
    public int DatagramBufferBytes { get; set; } = 65_536;

    /// <summary>
    /// Receive buffers for datagrams of each worker whose protocol has <c>OnDatagram</c> and that has a
    /// socket for them: a power of two, 2 to 32,768. Default: 128. They reserve
    /// <see cref="DatagramBufferBytes"/> each, 8 MiB by default, and take memory as far as datagrams have
    /// filled them. When they run out, datagrams wait in the socket's buffer until the turn's end, and what
    /// does not fit there is lost.
    /// </summary>
    public int DatagramBufferCount { get; set; } = 128;

    /// <summary>
    /// Bytes of datagrams that may wait for room in the send buffer of each socket, their addresses included:
    /// 131,072 to 1,073,741,823. Default: 1,048,576. One more is dropped and counted, and
    /// <c>Datagram.TryReply</c> says so. Raising it lets a link that is too slow take as much memory, for
    /// datagrams that come late.
    /// </summary>
    public int MaxDatagramBacklogBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Whether the kernel may hand over several datagrams of one peer at once (UDP_GRO, Linux 5.0), which
    /// costs less; each gets its <c>OnDatagram</c> all the same. Default: true.
    /// </summary>
    public bool DatagramReceiveOffload { get; set; } = true;

    /// <summary>
    /// Whether datagrams of one size to one peer are given to the kernel at once (UDP_SEGMENT, Linux 4.18),
    /// which costs less; on the network they are what they would be else. Default: true.
    /// </summary>
    public bool DatagramSendOffload { get; set; } = true;
}
