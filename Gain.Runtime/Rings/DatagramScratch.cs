using Gain.Kernel;

namespace Gain.Rings;

/// <summary>
/// The buffers that an emulated ring receives datagrams into, and the headers to receive several at once.
/// </summary>
internal sealed unsafe class DatagramScratch : IDisposable
{
    private const int MaxMessages = 32;
    private const int CacheLine = 64;

    private readonly ushort[] _ids = new ushort[MaxMessages];
    private readonly int _payloadBytes;
    private int _taken;

    // SAFETY: the mapping is this object's until Dispose; the kernel writes to it during calls only.
    private Frame* _frame;

    /// <param name="count">How many buffers there are.</param>
    /// <param name="payloadBytes">The longest payload of each.</param>
    public DatagramScratch(int count, int payloadBytes)
    {
        _payloadBytes = payloadBytes;
        Buffers = new ReceiveBuffers(
            count, DatagramHead.Bytes + payloadBytes + CacheLine - 1 & -CacheLine);
        try
        {
            _frame = (Frame*)NativePages.Map((nuint)sizeof(Frame));
        }
        catch
        {
            Buffers.Dispose();
            throw;
        }
    }

    public ReceiveBuffers Buffers { get; }

    /// <summary>The headers, for the call that follows <see cref="Take"/>.</summary>
    // SAFETY: as for the mapping.
    public mmsghdr* Messages => (mmsghdr*)_frame->Messages;

    /// <summary>Takes free buffers and has the headers name them.</summary>
    /// <returns>How many there are; 0 when none is free.</returns>
    public int Take(bool isUnix)
    {
        var pieces = (iovec*)_frame->Pieces;
        for (_taken = 0; _taken < MaxMessages && Buffers.TryTake(out ushort id); _taken++)
        {
            _ids[_taken] = id;
            byte* buffer = Buffers.At(id);
            pieces[_taken] = new iovec
            {
                iov_base = buffer + DatagramHead.Bytes, iov_len = (nuint)_payloadBytes,
            };
            ref msghdr header = ref Messages[_taken].msg_hdr;
            header.msg_name = &((DatagramHead*)buffer)->Name;
            header.msg_namelen = isUnix ? DatagramHead.UnixNameBytes : (uint)DatagramHead.NameBytes;
            header.msg_iov = pieces + _taken;
            header.msg_iovlen = 1;
            header.msg_control = isUnix ? null : buffer + DatagramHead.Bytes - DatagramHead.ControlBytes;
            header.msg_controllen = isUnix ? 0 : (nuint)DatagramHead.ControlBytes;
            header.msg_flags = 0;
        }

        return _taken;
    }

    /// <summary>The buffer of a message.</summary>
    public ushort IdAt(int message) => _ids[message];

    /// <summary>Writes in front of a message what io_uring would have written.</summary>
    /// <returns>The bytes of the buffer that are in use.</returns>
    public int WriteHead(int message)
    {
        mmsghdr* received = Messages + message;
        ((DatagramHead*)Buffers.At(_ids[message]))->Out = new io_uring_recvmsg_out
        {
            namelen = received->msg_hdr.msg_namelen,
            controllen = (uint)received->msg_hdr.msg_controllen,
            payloadlen = received->msg_len,
            flags = (uint)received->msg_hdr.msg_flags,
        };
        return DatagramHead.Bytes + (int)received->msg_len;
    }

    /// <summary>Returns the buffers that no message came into.</summary>
    public void ReturnFrom(int message)
    {
        // The first to be taken is the last to come back, and so the next.
        while (_taken > message)
        {
            Buffers.Return(_ids[--_taken]);
        }
    }

    public void Dispose()
    {
        Buffers.Dispose();
        NativePages.Unmap(_frame, (nuint)sizeof(Frame));
        _frame = null;
    }

    private struct Frame
    {
        public fixed ulong Messages[MaxMessages * 8];
        public fixed ulong Pieces[MaxMessages * 2];
    }
}
