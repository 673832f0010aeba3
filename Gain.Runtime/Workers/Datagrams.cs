using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.CompilerServices;
using Gain.Datagrams;
using Gain.Kernel;
using Gain.Mail;
using Gain.Rings;
using Gain.Slots;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Workers;

/// <remarks>Sockets for datagrams: their receives, and OnDatagram.</remarks>
internal sealed unsafe partial class Datagrams<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly WorkerSettings _settings;
    private readonly ServerState _server;
    private readonly Mailbox _mailbox;
    private readonly SlotTable _table;
    private readonly Listeners _listeners;

    internal Datagrams(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _datagramSockets = new DatagramSocket?[worker.Listeners.Count];
        _datagramHandlers = new TProtocol[TakesDatagrams ? worker.Listeners.Count : 0];
        _settings = worker.Settings;
        _server = worker.Server;
        _mailbox = worker.Mailbox;
        _table = worker.Table;
        _listeners = worker.Listeners;
    }

    private const int DatagramRetryMs = 100;

    // By the listener's index; null for one that accepts.
    private readonly DatagramSocket?[] _datagramSockets;

    // One for each listener, as there are no connections that each could have their own.
    private readonly TProtocol[] _datagramHandlers;

    private DatagramBatch? _datagramBatch;
    private bool _datagramsStarved;
    private int _lentDatagram = Served.NoBuffer;

    /// <summary>Sockets that were dialled; null before the first, and where none can be.</summary>
    internal DatagramRoom? Dials { get; set; }

    internal static bool TakesDatagrams
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TProtocol.Declared & Callbacks.Datagram) != 0;
    }

    /// <summary>Whether a receive waits for a buffer.</summary>
    internal bool HasStarved => _datagramsStarved;

    /// <summary>Copies the prototypes: one handler for each socket.</summary>
    internal void TakeHandlers()
    {
        for (int i = 0; i < _datagramHandlers.Length; i++)
        {
            _datagramHandlers[i] = _worker.Prototypes[_listeners[i].Address];
        }
    }

    // A ring that receives no datagrams needs no buffers for them.
    internal RingSettings RingSettings =>
        TakesDatagrams && (_listeners.AnyTakesDatagrams || _settings.Dials.TakesDatagrams)
            ? _settings.Ring
            : _settings.Ring with { DatagramBufferCount = 0 };

    internal void OpenDatagrams()
    {
        for (int i = 0; TakesDatagrams && i < _listeners.Count; i++)
        {
            if (_listeners[i].IsDatagram)
            {
                OpenDatagrams(i, _listeners[i].Fd);
            }
        }
    }

    internal void OpenDatagrams(int index, int fd)
    {
        DatagramTraits traits = default;
        traits.HasPacketInfo = DatagramSetup.Prepare(
            fd, _settings.Datagrams.Coalesces, out traits.LocalName, out traits.LocalNameBytes);
        traits.Family = traits.LocalName.ss_family;
        int room = _settings.Datagrams.BacklogBytes - (2 * OutboundDatagram.HeadBytes)
            - Unsafe.SizeOf<sockaddr_storage>() - DatagramSocket.PacketInfoV6Bytes;
        traits.MaxBytes = traits.Family switch
        {
            SocketAbi.AF_INET => DatagramOutbox.MaxIPv4Bytes,
            SocketAbi.AF_INET6 => DatagramOutbox.MaxIPv6Bytes,
            _ => room,
        };
        DatagramOutbox outbox = MakeOutbox(traits.Family == SocketAbi.AF_UNIX);
        _datagramSockets[index] =
            new DatagramSocket(_table, fd, index, traits, outbox)
            {
                Address = _listeners[index].Address,
                Flush = SendDatagrams,
            };
    }

    internal DatagramOutbox MakeOutbox(bool isUnix) => new(
        _datagramBatch ??= new DatagramBatch(),
        _settings.Datagrams.BacklogBytes,
        isUnix,
        _settings.Datagrams.Segments);

    internal void CloseDatagrams()
    {
        foreach (DatagramSocket? socket in _datagramSockets)
        {
            socket?.Outbox.Dispose();
        }

        Dials?.Close();
        _datagramBatch?.Dispose();
        _datagramBatch = null;
    }

    internal void ArmDatagrams(int index)
    {
        ref Listener listener = ref _listeners[index];
        if (!IsReadHere(index))
        {
            return;
        }

        listener.IsArmed = true;
        bool isUnix = _datagramSockets[index]!.Traits.Family == SocketAbi.AF_UNIX;
        _worker.Ring.PrepReceiveDatagrams(listener.Fd, isUnix, Token.Pack(Operation.Datagram, index, 0));
    }

    // One worker reads a socket that all have, as one datagram would wake them all.
    internal bool IsReadHere(int index) =>
        !_listeners[index].IsShared || index % _settings.Workers == _settings.Index;

    /// <summary>Delivers a datagram, or handles the end of a receive.</summary>
    /// <param name="completion">The completion of a socket's receive of datagrams.</param>
    public void HandleDatagram(CompletionEntry completion)
    {
        int index = Token.SlotOf(completion.UserData);
        if (!completion.HasMore)
        {
            HandleDatagramEnd(index, completion.Result);
        }

        if (completion.HasBuffer)
        {
            Deliver(_datagramSockets[index]!, ref _datagramHandlers[index], completion);
        }
    }

    /// <summary>Delivers what a completion has brought, and gives its buffer back.</summary>
    internal void Deliver(DatagramSocket socket, ref TProtocol handler, CompletionEntry completion)
    {
        ushort bufferId = completion.BufferId;
        if (completion.Result >= DatagramHead.Bytes)
        {
            _lentDatagram = bufferId;
            Span<byte> buffer = _worker.Ring.ReceivedDatagram(bufferId, completion.Result);
            ref DatagramHead head = ref MemoryMarshal.AsRef<DatagramHead>(buffer);
            ReadOnlySpan<byte> data = buffer[DatagramHead.Bytes..];
            bool isPlain = head.Out.controllen == (uint)socket.PlainControlBytes
                || head.Out.controllen == (uint)socket.PlainMappedControlBytes;
            if (isPlain && head.NameStart != socket.Traits.NameStart
                && !head.IsTruncated && !_server.Admission.FiltersNetworks)
            {
                CallDatagram(socket, ref handler, ref head, data);
            }
            else
            {
                DeliverUnusual(socket, ref handler, ref head, data);
            }

            if (socket.Outbox.IsDue)
            {
                socket.Flush!(socket);
            }

            _lentDatagram = Served.NoBuffer;
        }

        _worker.Ring.RecycleDatagram(bufferId);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CallDatagram(
        DatagramSocket socket,
        ref TProtocol handler,
        ref readonly DatagramHead head,
        ReadOnlySpan<byte> data)
    {
        _worker.Counters.DatagramsIn++;
        _worker.Counters.BytesIn += data.Length;
        _worker.Counters.Callbacks++;
        _worker.Calling = Served.Datagram;
        TProtocol.Datagram(ref handler, new Datagram(socket, in head), data);
        _worker.Calling = Slot.None;
    }

    // It was cut off, several came as one, the sender's network may be one that is kept out, or the sender
    // may be the socket itself.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DeliverUnusual(
        DatagramSocket socket, ref TProtocol handler, ref DatagramHead head, ReadOnlySpan<byte> data)
    {
        int segment = head.TryGetControl(
            SocketAbi.IPPROTO_UDP, SocketAbi.UDP_GRO, out ReadOnlySpan<byte> bytes)
            ? MemoryMarshal.Read<int>(bytes)
            : data.Length;
        int count = segment <= 0 ? 1 : (data.Length + segment - 1) / segment;
        if (IsOwn(socket, in head))
        {
            _worker.Counters.DatagramsIn += count;
            _worker.Counters.BytesIn += data.Length;
            _worker.Counters.DroppedDatagrams += count;
            return;
        }

        if (!socket.IsDialled && !MayDeliver(ref head))
        {
            _worker.Counters.DatagramsIn += count;
            _worker.Counters.BytesIn += data.Length;
            _worker.Counters.RefusedByFilter++;
            return;
        }

        if (head.IsTruncated)
        {
            _worker.Counters.TruncatedDatagrams++;
        }

        while (segment > 0 && data.Length > segment)
        {
            // A fault in one of them is not the end of the others.
            try
            {
                CallDatagram(socket, ref handler, ref head, data[..segment]);
            }
            catch (Exception fault) when (_worker.Calling == Served.Datagram)
            {
                _worker.Calling = Slot.None;
                CountDatagramFault(fault);
            }

            data = data[segment..];
            if (socket.Outbox.IsDue)
            {
                socket.Flush!(socket);
            }

            if (socket.IsShut)
            {
                // The callback has closed it: what came with its datagram goes as what comes later does.
                _worker.Counters.DroppedDatagrams += (data.Length + segment - 1) / segment;
                return;
            }
        }

        CallDatagram(socket, ref handler, ref head, data);
    }

    private bool MayDeliver(ref DatagramHead head) =>
        !_server.Admission.FiltersNetworks
        || !EndPointConversion.TryReadAddress(ref head.Name, head.Out.namelen, out GainAddress peer)
        || _server.Admission.Allows(peer);

    internal void HandleDatagramFault(Exception fault)
    {
        if (_lentDatagram != Served.NoBuffer)
        {
            _worker.Ring.RecycleDatagram((ushort)_lentDatagram);
            _lentDatagram = Served.NoBuffer;
        }

        if (_worker.Faults.IsEngineFault)
        {
            _worker.Faults.CountFault(fault, Served.Datagram);
        }
        else
        {
            CountDatagramFault(fault);
        }
    }

    internal void CountDatagramFault(Exception fault)
    {
        _worker.Counters.HandlerFaults++;
        if (_worker.Observer.MayLogFault())
        {
            Log.DatagramFault(_server.Logger, fault, TProtocol.DisplayName, _settings.Index);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void HandleDatagramEnd(int index, int result)
    {
        _listeners[index].IsArmed = false;
        switch (-result)
        {
            case Errno.ENOBUFS:
                // Every buffer is back at the end of the batch.
                _worker.Counters.Starvations++;
                _datagramsStarved = true;
                return;

            case <= 0:
                // A datagram of no bytes, or completions had no room in their queue.
            case Errno.ECANCELED:
            case Errno.EINTR:
            case Errno.EAGAIN:
                break;

            case Errno.ECONNREFUSED:
            case Errno.EHOSTUNREACH:
            case Errno.ENETUNREACH:
            case Errno.EHOSTDOWN:
            case Errno.ENETDOWN:
            case Errno.EPROTO:
            case Errno.EMSGSIZE:
                // What became of something sent earlier: the socket tells once.
                _worker.Counters.SocketErrors++;
                break;

            default:
                // The next try would fail as well. Nobody's connection is to wait for that.
                CountDatagramReceiveError(index, -result);
                return;
        }

        if (!_listeners[index].IsEnding)
        {
            ArmDatagrams(index);
        }
    }

    private void CountDatagramReceiveError(int index, int error)
    {
        _worker.Counters.SocketErrors++;
        if (_worker.Observer.MayLogSocketError())
        {
            Log.DatagramReceiveFailed(
                _server.Logger, _settings.Index, Errno.Name(error), Errno.Meaning(error));
        }

        if (!_listeners[index].IsEnding)
        {
            _worker.Deadlines.ArmTimer(WorkerTimer.DatagramRetry, _table.NowMs + DatagramRetryMs);
        }
    }

    internal void ArmStarvedDatagrams()
    {
        _datagramsStarved = false;
        for (int i = 0; i < _listeners.Count; i++)
        {
            if (_listeners[i].IsDatagram && !_listeners[i].IsArmed && !_listeners[i].IsEnding)
            {
                ArmDatagrams(i);
            }
        }
    }
}
