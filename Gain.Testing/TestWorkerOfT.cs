using Gain.CompilerServices;
using Gain.Memory;
using Gain.Slots;
using Gain.Testing.Rings;
using Gain.Workers;
using Gain.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gain.Testing;

/// <summary>
/// The engine's own worker on the ring of a test. It runs on the thread that asks it to, one turn after the
/// other, until it would wait.
/// </summary>
internal sealed class TestWorker<TProtocol> : TestWorker
    where TProtocol : struct, IProtocol<TProtocol>
{
    // The answers that may be due at once: their table is made at the start, and again for each test.
    private const int MaxHolds = 4_096;

    // A worker that has as much to do without any time going by will not come to an end.
    private const int MaxTurns = 100_000;

    private readonly Worker<TProtocol, TestRing> _worker;
    private readonly ServerState _state;
    private bool _hasEnded;

    public TestWorker(TProtocol prototype, GainOptions options)
    {
        WorkerSettings settings = options.ForWorker(0, null);
        settings = settings with
        {
            MaxConnections = Math.Min(settings.MaxConnections, TestServer.MaxConnections),
            MaxHolds = Math.Min(settings.MaxHolds, MaxHolds),
            Workers = 1,
            HandOverExcess = 0,
            NiceValue = null,
        };
        Capacity = settings.MaxConnections;
        _state = new ServerState(
            options.Logger ?? NullLogger.Instance,
            new Admission(options),
            new MemoryBudget(options.Limits.MaxBufferedBytes!.Value));
        _state.LimitSessions(options.Limits);
        Kernel = new TestKernel(settings.Ring, NoteEnd);
        _worker = new Worker<TProtocol, TestRing>(settings, _state, listeners: 1);
        _worker.TakeListeners([Kernel.ListenerDescriptor]);
        _state.Admission.Attach(_worker.Notify);
        try
        {
            _worker.Open(new TestRingFactory(Kernel));
            _worker.Begin([prototype]);
        }
        catch
        {
            _hasEnded = true;
            _worker.Close();
            Kernel.Dispose();
            throw;
        }
        finally
        {
            _worker.Sessions?.LeaveThread();
        }
    }

    public override TestKernel Kernel { get; }

    public override int Capacity { get; }

    public override bool HasStopped => _hasEnded;

    public override bool OwesAnswers => !_hasEnded && _worker.Table.Holds.Count != 0;

    public override GainStatistics Statistics =>
        StatisticsSum.Add(default, _worker.ReadCounters()) with
        {
            LostMessages = _state.LostMessages,
            BufferedBytes = _state.Budget.ReservedBytes,
        };

    public override void Run()
    {
        if (_hasEnded)
        {
            return;
        }

        _worker.EnterThread();
        _worker.Sessions?.EnterThread();
        try
        {
            RunTurns();
        }
        catch (Exception failure)
        {
            Abandon(failure);
            throw;
        }
        finally
        {
            _worker.Sessions?.LeaveThread();
            ConnectionWriter.LeaveThread();
        }
    }

    public override bool AwaitWork(TimeSpan patience)
    {
        // The latch goes up before the last look, so that others either are seen or wake the ring.
        _worker.Mailbox.PrepareToSleep();
        bool isThere = _worker.Mailbox.HasMail
            || _worker.Table.Holds.HasReleased
            || _worker.Sessions is { HasWork: true }
            || Kernel.Woken.Wait(patience);
        _worker.Mailbox.AfterSleep();
        return isThere;
    }

    public override void RequestStop(TimeSpan drain) =>
        _state.RequestStop(Kernel.NowMs + (long)drain.TotalMilliseconds);

    public override void NoteEnd(TestSocket socket)
    {
        if (socket.Reason != CloseReason.None || !TryFind(socket))
        {
            return;
        }

        ref Slot slot = ref _worker.Table[socket.Slot];
        if (slot.HasClosed)
        {
            socket.Reason = slot.Reason;
            socket.Fault = _worker.Table.Fault;
        }
    }

    public override ConnectionHandle HandleOf(TestSocket socket) => TryFind(socket)
        ? new Connection(_worker.Writer, ref _worker.Table[socket.Slot]).Handle
        : throw new InvalidOperationException(
            "The peer has no connection now: the server has closed it, or has not taken it in.");

    public override void Abandon(Exception failure)
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            _worker.Abandon(failure);
        }
    }

    private void RunTurns()
    {
        int turns = 0;
        do
        {
            if (++turns > MaxTurns)
            {
                throw new InvalidOperationException(
                    $"The worker had something to do for {MaxTurns:N0} turns, and no time went by: does the "
                    + "handler answer itself, or set a timer of zero again and again?");
            }

            if (!_worker.Turn())
            {
                _hasEnded = true;
                _worker.Close();
                return;
            }
        }
        while (!Kernel.IsIdle);
    }

    // A slot keeps its descriptor as long as the connection is in it.
    private bool TryFind(TestSocket socket)
    {
        if (_hasEnded || socket.Descriptor < 0)
        {
            return false;
        }

        if (socket.Slot >= 0)
        {
            return _worker.Table[socket.Slot].Fd == socket.Descriptor;
        }

        for (int i = 0; i < _worker.Table.UsedSlots; i++)
        {
            if (_worker.Table[i].Fd == socket.Descriptor)
            {
                socket.Slot = i;
                return true;
            }
        }

        return false;
    }
}
