using System.Runtime.CompilerServices;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Rings;

/// <summary>The buffers that the kernel's ring receives datagrams into, in a group of their own.</summary>
internal sealed unsafe class DatagramBuffers : IDisposable
{
    private const ushort Group = 1;
    private const int CacheLine = 64;

    private readonly BufferRing _ring;
    private readonly int _count;
    private readonly uint _bufferBytes;
    private readonly nuint _poolBytes;

    // The distance of buffers is their size and one cache line, so that their first lines fall into different
    // cache sets.
    private readonly nint _stride;

    // SAFETY: the mapping is this object's until Dispose, on the worker's thread, after the ring's end.
    private byte* _pool;
    private MessageHeader* _headers;
    private int _recycled;

    /// <param name="ring">The ring that receives.</param>
    /// <param name="count">How many there are; a power of two.</param>
    /// <param name="payloadBytes">The longest payload of each.</param>
    public DatagramBuffers(Ring ring, int count, int payloadBytes)
    {
        _count = count;
        _bufferBytes = (uint)(DatagramHead.Bytes + payloadBytes);
        _stride = ((nint)_bufferBytes + CacheLine - 1 & -CacheLine) + CacheLine;
        _poolBytes = (nuint)count * (nuint)_stride + CacheLine * 2;
        _ring = ring.RegisterBufferRing(Group, (ushort)count);
        try
        {
            _pool = (byte*)NativePages.Map(_poolBytes);
        }
        catch
        {
            _ring.Dispose();
            throw;
        }

        // Behind the buffers: what the kernel reads when it takes a receive in, and never changes.
        _headers = (MessageHeader*)(_pool + count * _stride);
        *HeaderFor(isUnix: false) = new MessageHeader
        {
            NameLength = DatagramHead.NameBytes, ControlLength = DatagramHead.ControlBytes,
        };
        *HeaderFor(isUnix: true) = new MessageHeader { NameLength = DatagramHead.UnixNameBytes };
        for (int i = 0; i < count; i++)
        {
            Recycle((ushort)i);
        }

        Publish();
    }

    /// <summary>Prepares the receive of a socket's datagrams.</summary>
    public void Prep(SubmissionEntry entry, int socket, bool isUnix)
    {
        entry.PrepRecvMsgMultishot(socket, HeaderFor(isUnix), 0);
        entry.SetBufferGroup(Group);
    }

    /// <summary>What is in a buffer: the head, and the payload behind it.</summary>
    // SAFETY: the buffer is the worker's until Recycle.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> At(ushort id, int length) => new(_pool + id * _stride, length);

    /// <summary>Gives a buffer back; the kernel sees it after <see cref="Publish"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Recycle(ushort id)
    {
        _ring.Add(_pool + id * _stride, _bufferBytes, id);
        _recycled++;
    }

    /// <summary>Hands what was given back to the kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish()
    {
        if (_recycled != 0)
        {
            _ring.Publish();
            _recycled = 0;
        }
    }

    /// <summary>The buffers that are neither the kernel's nor published; 0 where it cannot tell.</summary>
    public int CountLent() => _ring.TryCountAvailable(out int available) ? _count - available : 0;

    public void Dispose()
    {
        _ring.Dispose();
        NativePages.Unmap(_pool, _poolBytes);
        _pool = null;
        _headers = null;
    }

    private MessageHeader* HeaderFor(bool isUnix) => _headers + (isUnix ? 1 : 0);
}
