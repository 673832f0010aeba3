using System.Runtime.InteropServices;

namespace Gain.Datagrams;

/// <summary>
/// The head of what waits to be sent to one peer: a datagram, or a run of datagrams of one size that the
/// kernel can be given together (UDP_SEGMENT). The peer's name, the control data and the payload follow, each
/// at a multiple of eight bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = HeadBytes)]
internal struct OutboundDatagram
{
    /// <summary>The size of a head.</summary>
    public const int HeadBytes = 24;

    /// <summary>The bytes of the payload, of the whole run.</summary>
    public int Length;

    /// <summary>The bytes of a run that were sent, where its datagrams are sent one by one.</summary>
    public int Sent;

    /// <summary>The bytes of each datagram of the run but the last, which may have fewer.</summary>
    public int SegmentBytes;

    /// <summary>The datagrams of the run.</summary>
    public ushort Segments;

    /// <summary>The bytes of the name.</summary>
    public ushort NameBytes;

    /// <summary>The bytes of the control data.</summary>
    public ushort ControlBytes;

    /// <summary>Whether the kernel has refused the run as one: its datagrams are sent one by one.</summary>
    public bool IsSplit;

    /// <summary>The offset of the payload from the head.</summary>
    public readonly int PayloadOffset => HeadBytes + Padded(NameBytes) + Padded(ControlBytes);

    /// <summary>The bytes up to the next record.</summary>
    public readonly int RecordBytes => PayloadOffset + Padded(Length);

    /// <summary>A length, rounded up to a multiple of eight.</summary>
    public static int Padded(int length) => length + 7 & -8;
}
