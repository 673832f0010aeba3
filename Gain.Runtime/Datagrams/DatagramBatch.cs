using System.Runtime.CompilerServices;
using Gain.Kernel;
using Gain.Rings;

namespace Gain.Datagrams;

/// <summary>The messages of one sendmmsg(2), and what they name beside the datagrams themselves.</summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>The messages at most: what more in one call would save, is lost in the CPU's cache.</summary>
    public const int MaxMessages = 64;

    // in6_pktinfo with its head takes 40 bytes, and the size of the segments 24.
    private const int ControlBytes = 64;

    // SAFETY: the mapping is this object's until Dispose; the kernel reads it during calls only.
    private Frame* _frame = (Frame*)NativePages.Map((nuint)sizeof(Frame));

    public DatagramBatch()
    {
        for (int i = 0; i < MaxMessages; i++)
        {
            ref msghdr header = ref Messages[i].msg_hdr;
            header.msg_iov = (iovec*)_frame->Pieces + i;
            header.msg_iovlen = 1;
        }
    }

    // SAFETY: as for the mapping.
    public mmsghdr* Messages => (mmsghdr*)_frame->Messages;

    /// <summary>Has a message name one datagram of a record, or all of them.</summary>
    /// <param name="index">Which message.</param>
    /// <param name="record">The record.</param>
    /// <param name="from">The offset of the first byte of its payload.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="isRun">Whether the bytes are several datagrams.</param>
    // SAFETY: the record stays where it is until the call that sends the message has returned.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int index, OutboundDatagram* record, int from, int length, bool isRun)
    {
        byte* name = (byte*)record + OutboundDatagram.HeadBytes;
        ref msghdr header = ref Messages[index].msg_hdr;
        header.msg_name = record->NameBytes == 0 ? null : name;
        header.msg_namelen = record->NameBytes;
        header.msg_iov->iov_base = (byte*)record + record->PayloadOffset + from;
        header.msg_iov->iov_len = (nuint)length;
        header.msg_control = name + OutboundDatagram.Padded(record->NameBytes);
        header.msg_controllen = record->ControlBytes;
        if (isRun)
        {
            AddSegments(index, record);
        }
    }

    public void Dispose()
    {
        NativePages.Unmap(_frame, (nuint)sizeof(Frame));
        _frame = null;
    }

    // SAFETY: the record's control data is in6_pktinfo's at most, and fits with what is added.
    private void AddSegments(int index, OutboundDatagram* record)
    {
        ref msghdr header = ref Messages[index].msg_hdr;
        byte* control = _frame->Control + (index * ControlBytes);
        int length = record->ControlBytes;
        new ReadOnlySpan<byte>(header.msg_control, length).CopyTo(new Span<byte>(control, ControlBytes));
        var piece = (cmsghdr*)(control + length);
        piece->cmsg_len = (nuint)(sizeof(cmsghdr) + sizeof(ushort));
        piece->cmsg_level = SocketAbi.IPPROTO_UDP;
        piece->cmsg_type = SocketAbi.UDP_SEGMENT;
        *(ulong*)(piece + 1) = (ushort)record->SegmentBytes;
        header.msg_control = control;
        header.msg_controllen = (nuint)(length + sizeof(cmsghdr) + sizeof(ulong));
    }

    private struct Frame
    {
        public fixed ulong Messages[MaxMessages * 8];
        public fixed ulong Pieces[MaxMessages * 2];
        public fixed byte Control[MaxMessages * ControlBytes];
    }
}
