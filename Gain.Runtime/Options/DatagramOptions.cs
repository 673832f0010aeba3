namespace Gain;

/// <summary>What concerns datagrams, of UDP and of Unix sockets: <see
/// cref="GainOptions.Datagrams"/>.</summary>
public sealed class DatagramOptions
{
    /// <summary>
    /// The longest datagram that is received whole, in bytes: 64 to 1,048,576. Default: 65,536, which no UDP
    /// datagram exceeds. The rest of a longer one is lost: <see cref="Datagram.IsTruncated"/> says so, and it
    /// is counted. Below 65,507, datagrams are not received several at once, whatever
    /// <see cref="ReceiveOffload"/> says.
    /// </summary>
    public int BufferBytes { get; set; } = 65_536;

    /// <summary>
    /// Receive buffers for datagrams of each worker whose protocol has <c>OnDatagram</c> and that has a
    /// socket for them: a power of two, 2 to 32,768. Default: 128. They reserve <see cref="BufferBytes"/>
    /// each, 8 MiB by default, and take memory as far as datagrams have filled them. When they run out,
    /// datagrams wait in the socket's buffer until the turn's end, and what does not fit there is lost.
    /// </summary>
    public int BufferCount { get; set; } = 128;

    /// <summary>
    /// Bytes of datagrams that may wait for room in the send buffer of each socket, their addresses included:
    /// 131,072 to 1,073,741,823. Default: 1,048,576. One more is dropped and counted, and
    /// <c>Datagram.TryReply</c> says so. Raising it lets a link that is too slow take that much memory, for
    /// datagrams that come late.
    /// </summary>
    public int MaxBacklogBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Whether the kernel may hand over several datagrams of one peer at once (UDP_GRO, Linux 5.0), which
    /// costs less; each gets its <c>OnDatagram</c> all the same. Default: true.
    /// </summary>
    public bool ReceiveOffload { get; set; } = true;

    /// <summary>
    /// Whether datagrams of one size to one peer are given to the kernel at once (UDP_SEGMENT, Linux 4.18),
    /// which costs less. The network sees the same datagrams. Default: true.
    /// </summary>
    public bool SendOffload { get; set; } = true;

    internal DatagramOptions Clone() => (DatagramOptions)MemberwiseClone();
}
