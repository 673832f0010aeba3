using Gain.Workers;

namespace Gain.Tests.Simulation.Outgoing;

/// <summary>
/// One dial or rent, with all the connections that it becomes: what its handler is told is compared with what
/// it may be told.
/// </summary>
/// <param name="world">Its run.</param>
/// <param name="id">Its number.</param>
/// <param name="port">Where to.</param>
/// <param name="isRent">Whether it may get a connection that was kept.</param>
internal sealed class Undertaking(OutgoingWorld world, int id, int port, bool isRent)
{
    private UndertakingState _state;
    private TimeSpan? _delay;
    private long _mostMs = world.Scenario.Redial?.FirstMs ?? 0;
    private long _sinceMs;
    private long _socketClosedMs;
    private long _upMs = -1;
    private long _askedMs = -1;
    private bool _hasEndedItself;
    private bool _wasReturned;
    private bool _wasUp;

    public int Id => id;

    public int Port => port;

    public bool IsRent => isRent;

    /// <summary>Handles that name it: the first, and the last.</summary>
    public ConnectionHandle First { get; private set; }

    public ConnectionHandle Last { get; private set; }

    /// <summary>What another thread waits with; null for one that a callback has begun.</summary>
    public DialRequest? Request { get; set; }

    public bool IsOver => _state == UndertakingState.Over;

    /// <summary>What the worker has told of it, beside what it counts.</summary>
    public int Ups { get; private set; }

    public int Failures { get; private set; }

    /// <summary>Questions that no answer has come to.</summary>
    public int Unanswered { get; set; }

    /// <summary>How often it was given what somebody else had given back.</summary>
    public int Hits { get; private set; }

    private bool IsAwaited => Request is not null;

    private bool IsPortOwn => port >= OutgoingWorld.FirstOwnPort;

    /// <summary>A callback has begun it.</summary>
    public void Begin(ConnectionHandle handle)
    {
        First = Last = handle;
        Enter(UndertakingState.Pending);
    }

    /// <summary>It was not begun: the limit is reached.</summary>
    public void Refuse() => Enter(UndertakingState.Over);

    /// <summary>The program wants it to end, by a handle.</summary>
    public void Ask(bool isPosted)
    {
        if (isPosted && !IsOver && _askedMs < 0)
        {
            _askedMs = world.NowMs;
        }
    }

    /// <summary>Its handler ends it, or gives it back.</summary>
    public void EndItself() => _hasEndedItself = true;

    public void NoteReturned() => _wasReturned = true;

    /// <summary>The worker has prepared a connect for it; known where its port is its own.</summary>
    public void NoteConnect()
    {
        if (_state == UndertakingState.Waiting)
        {
            CheckDelayOver(isExact: true);
        }

        Require(_state != UndertakingState.Up && !IsOver, "was connected, and is up or over");
        Enter(UndertakingState.Pending);
    }

    public void NoteSocketClosed() => _socketClosedMs = world.NowMs;

    /// <summary>OnConnect came.</summary>
    public void Connect(Connection connection)
    {
        CheckMayEnd("OnConnect");
        OutgoingSocket socket = world.Kernel.SocketOf(connection.Descriptor);
        Require(socket.IsUp && socket.Port == port, $"got socket {socket.Id}, which is not up, or elsewhere");
        Require(socket.User is null, $"got socket {socket.Id}, which is another's");
        if (socket.ReturnedMs >= 0)
        {
            Require(isRent && _state != UndertakingState.Waiting, "was dialled, and got one that was kept");
            Require(!socket.WasGone, $"got socket {socket.Id}, whose peer had ended it");
            Require(!socket.HasSentFin, $"got socket {socket.Id}, which was closed");
            Require(
                socket.IsReset || socket.Inbox.Count == socket.Used,
                $"got socket {socket.Id}, with {socket.Inbox.Count - socket.Used} bytes nobody asked for");
            Hits++;
        }

        socket.User = this;
        socket.ReturnedMs = -1;
        Last = connection.Handle;
        Ups++;
        _wasUp = true;
        _wasReturned = false;
        Unanswered = 0;
        _upMs = connection.NowMs;
        Enter(UndertakingState.Up);
    }

    /// <summary>OnConnectFailed came.</summary>
    public void Fail(Connection connection, ConnectFailure failure)
    {
        CheckMayEnd("OnConnectFailed");
        Failures++;
        if (failure.Reason == ConnectFailureReason.Cancelled)
        {
            Require(_askedMs >= 0 || world.IsStopping || _hasEndedItself, "was cancelled, and nobody asked");
            Require(failure.RedialIn is null, "was cancelled, and is dialled again");
        }

        Finish(connection, failure.RedialIn, isOver: IsAwaited && !_wasUp);
    }

    /// <summary>OnClose came.</summary>
    public void Close(Connection connection, CloseReason reason)
    {
        Require(_state == UndertakingState.Up, $"OnClose came with {reason}, and it is {_state}");
        OutgoingSocket socket = world.Kernel.SocketOf(connection.Descriptor);
        Require(socket.User == this, $"OnClose came for socket {socket.Id}, which is not its own");
        CheckReason(socket, reason);
        socket.User = null;
        socket.ReturnedMs = reason == CloseReason.Returned ? world.NowMs : -1;
        socket.ReturnedTurn = world.Kernel.Turns;
        bool isMeant = reason is CloseReason.Returned or CloseReason.Local or CloseReason.Aborted
            or CloseReason.ServerStopped;
        Finish(connection, connection.RedialIn, isMeant);
        _upMs = -1;
    }

    /// <summary>It is not left alone for longer than it may be.</summary>
    public void CheckNotStuck()
    {
        if (IsOver || _state == UndertakingState.None)
        {
            return;
        }

        long atMostMs = world.Scenario.TimeoutMs + world.Scenario.LingerMs + OutgoingWorld.PatienceMs;
        Require(_askedMs < 0 || world.NowMs - _askedMs <= atMostMs, $"is to end, and is {_state}");
        if (_state != UndertakingState.Up)
        {
            long waitMs = (long)(_delay?.TotalMilliseconds ?? 0);
            Require(world.NowMs - _sinceMs <= atMostMs + waitMs, $"is stuck, and is {_state}");
        }
    }

    /// <summary>The run is over.</summary>
    public void CheckEnd()
    {
        Require(Request is null or { Ended.IsCompleted: true }, "its dial never ended");
        bool wasRefused = _state == UndertakingState.None && Request is { Ended.IsCompleted: true };

        // The stop came between the end of one and the beginning of the next.
        bool wasStopped = _state == UndertakingState.Waiting && _askedMs < 0
            && world.StopMs - _sinceMs <= world.Scenario.LingerMs + OutgoingWorld.LateMs;
        Require(IsOver || wasRefused || wasStopped, $"never ended: it is {_state}");

        // Seen, so that nobody else reports it.
        _ = Request?.Ended.Exception;
    }

    private void CheckMayEnd(string what)
    {
        bool isPending = _state is UndertakingState.Pending or UndertakingState.Waiting
            || (_state == UndertakingState.None && IsAwaited);
        Require(isPending, $"{what} came, and it is {_state}");
        if (_state == UndertakingState.Waiting && _askedMs < 0 && !world.IsStopping)
        {
            CheckDelayOver(isExact: false);
        }
    }

    private void CheckDelayOver(bool isExact)
    {
        long sinceMs = Math.Max(_sinceMs, isExact ? _socketClosedMs : 0);
        long dueMs = sinceMs + (long)_delay!.Value.TotalMilliseconds;
        Require(world.NowMs >= dueMs, $"was dialled again {dueMs - world.NowMs} ms early");
        Require(
            !isExact || world.NowMs <= dueMs + OutgoingWorld.LateMs,
            $"was dialled again {world.NowMs - dueMs} ms late");
    }

    private void CheckReason(OutgoingSocket socket, CloseReason reason)
    {
        bool isTrue = reason switch
        {
            CloseReason.Returned => _wasReturned,
            CloseReason.Local => _askedMs >= 0 || _hasEndedItself,
            CloseReason.Aborted => _askedMs >= 0 || _hasEndedItself || world.IsStopping,
            CloseReason.ServerStopped => world.IsStopping,
            CloseReason.PeerClosed => socket.HasFin,
            CloseReason.Reset or CloseReason.SocketError => socket.IsReset,
            _ => false,
        };
        Require(isTrue, $"OnClose came with {reason}, and nothing of the kind has happened");
    }

    private void Finish(Connection connection, TimeSpan? again, bool isOver)
    {
        if (again is { } delay)
        {
            Require(!isOver && !_hasEndedItself, "is dialled again after the program has ended it");
            CheckDelay(delay, connection.NowMs);
            _delay = delay;
            Enter(UndertakingState.Waiting);
            return;
        }

        Require(
            world.Scenario.Redial is null || isOver || _askedMs >= 0 || _hasEndedItself || world.IsStopping,
            "is not dialled again");
        Enter(UndertakingState.Over);
    }

    // It doubles up to the longest, and begins anew when the connection was up for longer than that.
    private void CheckDelay(TimeSpan delay, long nowMs)
    {
        RedialSetting? setting = world.Scenario.Redial;
        Require(setting is not null, "is dialled again, and no option asks for it");
        if (_upMs >= 0 && nowMs - _upMs > setting!.MaxMs)
        {
            _mostMs = setting.FirstMs;
        }

        long leastMs = Math.Max(1, _mostMs - (long)(_mostMs * setting!.Jitter));
        long delayMs = (long)delay.TotalMilliseconds;
        Require(
            delayMs >= leastMs && delayMs <= _mostMs,
            $"is dialled again in {delayMs} ms instead of {leastMs} to {_mostMs} ms");
        _mostMs = Math.Min(_mostMs * 2, setting.MaxMs);
    }

    /// <summary>Its handler ends it where it is told of the end: it is not dialled again.</summary>
    public void GiveUp(Connection connection)
    {
        connection.Close();
        _hasEndedItself = true;
        Enter(UndertakingState.Over);
    }

    private void Enter(UndertakingState state)
    {
        _state = state;
        _sinceMs = world.NowMs;
        world.Trace.Add($"  undertaking {id} to port {port}: {state}");
    }

    private void Require(bool holds, string otherwise) =>
        world.Require(holds, $"undertaking {id}, own port {IsPortOwn}: {otherwise}");
}
