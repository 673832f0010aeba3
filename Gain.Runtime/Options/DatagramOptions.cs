namespace Gain;

/// <summary>What concerns datagrams, of UDP and of Unix sockets: <see
/// cref="GainOptions.Datagrams"/>.</summary>
public sealed class DatagramOptions
{
    /// <summary>
    /// The longest datagram that is received whole, in bytes: 64 to 1,048,576. Default: 65,536, which no UDP
    /// datagram exceeds. A longer datagram is cut and counted, and <see cref="Datagram.IsTruncated"/> says
    /// so. Below 65,507 each datagram is received alone, whatever <see cref="ReceiveOffload"/> says.
    /// </summary>
    public int BufferBytes { get; set; } = 65_536;

    /// <summary>
    /// Receive buffers for datagrams, for each worker that serves a datagram socket: a power of two, 2 to
    /// 32,768. Default: 128. Each reserves <see cref="BufferBytes"/>, 8 MiB in all by default, and takes
    /// memory only as far as datagrams have filled it. When the buffers run out, datagrams wait in the
    /// socket's buffer until the turn's end, and those that do not fit there are lost.
    /// </summary>
    public int BufferCount { get; set; } = 128;

    /// <summary>
    /// The most bytes of datagrams that wait for room in the send buffer of each socket, with their
    /// addresses: 131,072 to 1,073,741,823. Default: 1,048,576. A datagram beyond that is dropped and
    /// counted, and <c>Datagram.TryReply</c> returns false. A higher value lets a slow link take that much
    /// memory, for datagrams that come late.
    /// </summary>
    public int MaxBacklogBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Whether the kernel can hand over several datagrams of one peer at once (UDP_GRO, Linux 5.0), which
    /// costs less. Each still gets its own <c>OnDatagram</c>. Default: true.
    /// </summary>
    public bool ReceiveOffload { get; set; } = true;

    /// <summary>
    /// Whether datagrams of one size to one peer are given to the kernel at once (UDP_SEGMENT, Linux 4.18),
    /// which costs less. The network sees the same datagrams. Default: true.
    /// </summary>
    public bool SendOffload { get; set; } = true;

    /// <summary>
    /// The most sockets for datagrams that each worker may have dialled and that have not ended: 1 to 65,536.
    /// Default: 1,024. Each takes a descriptor and a local port. Its buffer for what waits to be sent
    /// reserves
    /// <see cref="MaxBacklogBytes"/>, and keeps the memory that it has used until the server stops; so a
    /// higher value lets peers that answer nobody take more of all three. Beyond it <c>TryDialDatagram</c>
    /// returns false.
    /// </summary>
    public int MaxDialledPerWorker { get; set; } = 1_024;

    internal DatagramOptions Clone() => (DatagramOptions)MemberwiseClone();
}
