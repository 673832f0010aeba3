using System.Runtime.CompilerServices;
using Gain.Kernel;
using Gain.Rings;

namespace Gain.Datagrams;

/// <summary>
/// The datagrams that callbacks have written to one socket and the kernel has not taken: records, one behind
/// the other, in one block of memory that is used from its beginning again whenever it is empty.
/// </summary>
/// <remarks>
/// <para>
/// What goes to the peer of the record before it, and has its size, joins that record: the kernel then takes
/// the whole run as one message and cuts it up at the very end of its way (UDP_SEGMENT, Linux 4.18).
/// </para>
/// <para>
/// Records lie between the head and the tail; where the tail has wrapped around to the beginning,
/// <c>_wrapAt</c> is where the records before it end.
/// </para>
/// </remarks>
internal sealed unsafe class DatagramOutbox : IDisposable
{
    /// <summary>The most bytes of a datagram over IPv4: 65,535 less the heads of IP and UDP.</summary>
    public const int MaxIPv4Bytes = 65_507;

    /// <summary>The same over IPv6, whose head does not count.</summary>
    public const int MaxIPv6Bytes = 65_527;

    private const int None = -1;

    // The kernel's limit was 64 up to Linux 6.8, and 128 since.
    private const int MaxSegments = 64;

    // From so much on the datagrams leave in the middle of a turn, while they are in the CPU's cache.
    private const int DueBytes = 128 << 10;

    private readonly DatagramBatch _batch;
    private readonly int _capacity;
    private readonly bool _waits;

    // SAFETY: the mapping is this object's until Dispose, on the worker's thread.
    private byte* _records;
    private int _head;
    private int _tail;
    private int _wrapAt = None;
    private int _count;

    // The record that the next datagram may join: the one before the tail.
    private int _open = None;
    private int _maxSegmentBytes;

    /// <param name="batch">What calls are made with; the sockets of a worker share one.</param>
    /// <param name="capacity">The bytes of all records.</param>
    /// <param name="isUnix">
    /// Whether the socket is a Unix one: what its peers have no room for is lost then, as nothing tells when
    /// one of them has room again.
    /// </param>
    /// <param name="joins">Whether datagrams join into runs.</param>
    public DatagramOutbox(DatagramBatch batch, int capacity, bool isUnix, bool joins)
    {
        _batch = batch;
        _capacity = capacity;
        _waits = !isUnix;
        _maxSegmentBytes = joins && !isUnix ? MaxIPv4Bytes : 0;
        _records = (byte*)NativePages.Map((nuint)capacity);
    }

    /// <summary>Datagrams that the kernel took. Written by the worker's thread; others may read.</summary>
    public long Sent;

    /// <summary>Their bytes. As for <see cref="Sent"/>.</summary>
    public long SentBytes;

    /// <summary>Datagrams lost because there was no room. As for <see cref="Sent"/>.</summary>
    public long Dropped;

    /// <summary>Datagrams that the kernel refused. As for <see cref="Sent"/>.</summary>
    public long Errors;

    /// <summary>Why it last refused one; an errno.</summary>
    public int LastError { get; private set; }

    /// <summary>
    /// The last error that tells of the peer: what was sent to it earlier did not arrive. 0 if there was none
    /// since it was last set to that.
    /// </summary>
    public int PeerError { get; set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Whether it is time to send, though the turn goes on.</summary>
    public bool IsDue
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _count >= DatagramBatch.MaxMessages || _tail >= DueBytes;
    }

    /// <summary>Queues a copy of a datagram.</summary>
    /// <param name="name">The peer, as a sockaddr.</param>
    /// <param name="control">Control data to send it with, one piece or none.</param>
    /// <param name="data">The payload.</param>
    /// <returns>False when there is no room; nothing is counted then.</returns>
    public bool TryAdd(ReadOnlySpan<byte> name, ReadOnlySpan<byte> control, ReadOnlySpan<byte> data)
    {
        if (_open != None && TryJoin(name, control, data))
        {
            return true;
        }

        int payload = OutboundDatagram.HeadBytes + OutboundDatagram.Padded(name.Length)
            + OutboundDatagram.Padded(control.Length);
        int at = Take(payload + OutboundDatagram.Padded(data.Length));
        if (at == None)
        {
            return false;
        }

        OutboundDatagram* record = At(at);
        *record = new OutboundDatagram
        {
            Length = data.Length,
            SegmentBytes = data.Length,
            Segments = 1,
            NameBytes = (ushort)name.Length,
            ControlBytes = (ushort)control.Length,
        };
        name.CopyTo(NameOf(record));
        control.CopyTo(ControlOf(record));
        data.CopyTo(new Span<byte>((byte*)record + payload, data.Length));
        _count++;
        _open = data.Length - 1 < _maxSegmentBytes && data.Length != 0 ? at : None;
        return true;
    }

    /// <summary>Sends what waits, as far as the socket takes it.</summary>
    /// <returns>False when the socket has no room for the rest.</returns>
    public bool Send<TSink>(ref TSink sink, int socket)
        where TSink : struct, IDatagramSink
    {
        _open = None;
        while (_count != 0)
        {
            int sent = sink.SendDatagrams(socket, _batch.Messages, FillBatch());
            if (sent > 0)
            {
                CountSent(sent);
            }
            else if (sent is -Errno.EAGAIN && _waits)
            {
                return false;
            }
            else if (sent != -Errno.EINTR)
            {
                SkipFirst(-sent);
            }
        }

        return true;
    }

    /// <summary>Whether an error is what an ICMP message, or the routing, says of a peer.</summary>
    public static bool TellsOfPeer(int error) => error is Errno.ECONNREFUSED or Errno.EHOSTUNREACH
        or Errno.ENETUNREACH or Errno.EHOSTDOWN or Errno.ENETDOWN;

    /// <summary>Drops what waits.</summary>
    public void Clear()
    {
        _open = None;
        while (_count != 0)
        {
            OutboundDatagram* first = At(_head);
            Dropped += RestOf(first);
            RemoveFirst(first);
        }
    }

    public void Dispose()
    {
        NativePages.Unmap(_records, (nuint)_capacity);
        _records = null;
    }

    private bool TryJoin(ReadOnlySpan<byte> name, ReadOnlySpan<byte> control, ReadOnlySpan<byte> data)
    {
        OutboundDatagram* run = At(_open);
        int length = run->Length + data.Length;
        if (data.Length > run->SegmentBytes
            || data.IsEmpty
            || length > MaxIPv4Bytes
            || run->Segments == MaxSegments
            || !name.SequenceEqual(NameOf(run))
            || !control.SequenceEqual(ControlOf(run)))
        {
            return false;
        }

        int tail = _open + run->PayloadOffset + OutboundDatagram.Padded(length);
        if (tail > (_wrapAt == None ? _capacity : _head))
        {
            return false;
        }

        data.CopyTo(new Span<byte>((byte*)run + run->PayloadOffset + run->Length, data.Length));
        run->Length = length;
        run->Segments++;
        _tail = tail;
        if (data.Length < run->SegmentBytes)
        {
            _open = None;
        }

        return true;
    }

    /// <summary>Takes memory for a record.</summary>
    /// <returns>Its offset, or <see cref="None"/>.</returns>
    private int Take(int bytes)
    {
        if (_wrapAt == None && _capacity - _tail < bytes && _head >= bytes)
        {
            _wrapAt = _tail;
            _tail = 0;
        }

        if ((_wrapAt == None ? _capacity : _head) - _tail < bytes)
        {
            return None;
        }

        int at = _tail;
        _tail += bytes;
        return at;
    }

    private int FillBatch()
    {
        int messages = 0;
        int at = _head;
        for (int left = _count; left > 0 && messages < DatagramBatch.MaxMessages; left--)
        {
            OutboundDatagram* record = At(at);
            if (!record->IsSplit)
            {
                _batch.Set(messages++, record, 0, record->Length, record->Segments > 1);
            }
            else
            {
                for (int from = record->Sent;
                    from < record->Length && messages < DatagramBatch.MaxMessages;
                    from += record->SegmentBytes)
                {
                    int length = Math.Min(record->SegmentBytes, record->Length - from);
                    _batch.Set(messages++, record, from, length, isRun: false);
                }
            }

            at = Behind(at, record);
        }

        return messages;
    }

    private void CountSent(int messages)
    {
        for (; messages > 0; messages--)
        {
            OutboundDatagram* first = At(_head);
            if (!first->IsSplit)
            {
                Sent += first->Segments;
                SentBytes += first->Length;
                RemoveFirst(first);
                continue;
            }

            // What the kernel refused as a run goes out one by one: such sizes are not joined again. It may
            // be that they do not fit into the network's packets, or that the device cannot sum them up.
            _maxSegmentBytes = Math.Min(_maxSegmentBytes, first->SegmentBytes - 1);
            int length = Math.Min(first->SegmentBytes, first->Length - first->Sent);
            Sent++;
            SentBytes += length;
            SkipSegment(first, length);
        }
    }

    /// <summary>The kernel refused the first message.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SkipFirst(int error)
    {
        OutboundDatagram* first = At(_head);
        if (first->Segments > 1 && !first->IsSplit)
        {
            first->IsSplit = true;
            return;
        }

        if (error == Errno.EAGAIN)
        {
            Dropped++;
        }
        else
        {
            LastError = error;
            Errors++;
            PeerError = TellsOfPeer(error) ? error : PeerError;
        }

        SkipSegment(first, Math.Min(first->SegmentBytes, first->Length - first->Sent));
    }

    private void SkipSegment(OutboundDatagram* first, int length)
    {
        first->Sent += length;
        if (first->Sent >= first->Length)
        {
            RemoveFirst(first);
        }
    }

    private void RemoveFirst(OutboundDatagram* first)
    {
        _head = Behind(_head, first);
        if (_wrapAt != None && _head <= _tail)
        {
            _wrapAt = None;
        }

        if (--_count == 0)
        {
            _head = 0;
            _tail = 0;
            _wrapAt = None;
        }
    }

    private int Behind(int at, OutboundDatagram* record)
    {
        int next = at + record->RecordBytes;
        return next == _wrapAt ? 0 : next;
    }

    private static int RestOf(OutboundDatagram* record) => record->IsSplit
        ? (record->Length - record->Sent + record->SegmentBytes - 1) / record->SegmentBytes
        : record->Segments;

    // SAFETY: offsets come from Take, and the record is there until it is removed.
    private OutboundDatagram* At(int offset) => (OutboundDatagram*)(_records + offset);

    // SAFETY: as for At.
    private static Span<byte> NameOf(OutboundDatagram* record) =>
        new((byte*)record + OutboundDatagram.HeadBytes, record->NameBytes);

    // SAFETY: as for At.
    private static Span<byte> ControlOf(OutboundDatagram* record) => new(
        (byte*)record + OutboundDatagram.HeadBytes + OutboundDatagram.Padded(record->NameBytes),
        record->ControlBytes);
}
