using System.Runtime.CompilerServices;

namespace Gain.Tests.Simulation.Protocols;

/// <summary>
/// Takes whole records, as <see cref="RecordReader"/> does, in a session: it reads in parts, and between two
/// reads it may delay, wait until its output has drained, or be away for something that ends on another
/// thread. FIN, closes by command and a stop have to wait for what it has read and not answered.
/// </summary>
[GainProtocol]
internal partial struct RecordSession(SimulatedWorld world)
{
    private const int MaxDelayMs = 20;
    private const int MaxAwayNs = 20_000_000;

    private ServedConnection? _served;

    private readonly SimulatedWorld World => world;

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
    }

    private static async Session OnSession(SessionContext s)
    {
        SimulatedWorld world = s.Handler<RecordSession>().World;
        ServedConnection served = s.Handler<RecordSession>()._served!;
        bool mayDelay = true;
        while (await ReadRecords(s, world, served) is { } answered)
        {
            // A delay that was false is not to be followed by another one.
            mayDelay &= await Rest(s, world, served, mayDelay);

            // What was asked before the connection was over is not answered anymore.
            served.Send(s.Connection, served.Peer.Conversation.Output.AsSpan(answered..served.Delivered));
            world.MayThrow(served);
        }
    }

    // Where in the peer's output the records begin that were read.
    private static async Part<int?> ReadRecords(
        SessionContext s, SimulatedWorld world, ServedConnection served)
    {
        while (await s.Read())
        {
            int before = served.Delivered;
            int taken = Take(s, world, served);
            s.Consume(taken);
            if (taken > 0)
            {
                return before;
            }
        }

        return null;
    }

    private static int Take(SessionContext s, SimulatedWorld world, ServedConnection served)
    {
        ReadOnlySpan<byte> data = s.Data;
        int taken = 0;
        while (taken < data.Length && data.Length - taken > data[taken])
        {
            taken += 1 + data[taken];
        }

        served.Deliver(s.Connection, data, taken);
        served.LeftTooMuch |= data.Length - taken > world.Limits.MaxUnconsumed;
        return taken;
    }

    private static async Part<bool> Rest(
        SessionContext s, SimulatedWorld world, ServedConnection served, bool mayDelay)
    {
        switch (world.Random.Below(6))
        {
            case 0 when mayDelay:
                int delayMs = world.Random.Between(0, MaxDelayMs);
                long dueMs = s.Connection.NowMs + delayMs;
                if (!await s.Delay(TimeSpan.FromMilliseconds(delayMs)))
                {
                    return false;
                }

                served.Tick(s.Connection, dueMs);
                break;
            case 1:
                await s.Drained();
                break;
            case 2:
                served.IsAway = true;
                await new Elsewhere(world, MaxAwayNs);
                served.IsAway = false;
                break;
            case 3:
                served.IsAway = true;
                await new Elsewhere(world, MaxAwayNs);
                await new Elsewhere(world, 1_000);
                served.IsAway = false;
                break;
        }

        return true;
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);
}

/// <summary>Echoes frames in a session, which rests between them; complains of one that is too
/// long.</summary>
[GainProtocol]
[LengthPrefixed(Size = 2, MaxFrameLength = FrameEcho.MaxFrameLength)]
internal partial struct FrameSession(SimulatedWorld world)
{
    private const int HeaderBytes = 2;
    private const int MaxDelayMs = 5;
    private const int MaxAwayNs = 5_000_000;

    private ServedConnection? _served;

    private readonly SimulatedWorld World => world;

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
    }

    private static async Session OnSession(SessionContext s)
    {
        SimulatedWorld world = s.Handler<FrameSession>().World;
        ServedConnection served = s.Handler<FrameSession>()._served!;
        bool mayDelay = true;
        while (await s.Frame())
        {
            byte[] frame = new byte[HeaderBytes + s.Data.Length];
            served.DeliverFrame(s.Connection, s.Data, HeaderBytes, 0);
            frame[0] = (byte)(s.Data.Length >> 8);
            frame[1] = (byte)s.Data.Length;
            s.Data.CopyTo(frame.AsSpan(HeaderBytes));
            if (mayDelay && world.Random.Chance(0.2))
            {
                mayDelay = await s.Delay(TimeSpan.FromMilliseconds(world.Random.Between(0, MaxDelayMs)));
            }
            else if (world.Random.Chance(0.2))
            {
                served.IsAway = true;
                await new Elsewhere(world, MaxAwayNs);
                served.IsAway = false;
            }

            served.Send(s.Connection, frame);
        }
    }

    private readonly void OnProtocolError(Connection connection, ProtocolError error)
    {
        if (error.Kind != ProtocolErrorKind.FrameTooLong || !_served!.Peer.Conversation.IsViolation)
        {
            throw world.Fail($"a protocol error of kind {error.Kind}, and there was none");
        }

        _served.Send(connection, FrameEcho.Complaint);
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);
}

/// <summary>
/// Something that ends on another thread, in the middle of whatever the worker does. It is its own awaiter.
/// </summary>
internal readonly struct Elsewhere(SimulatedWorld world, int mostNs) : ICriticalNotifyCompletion
{
    public bool IsCompleted => false;

    public Elsewhere GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) =>
        world.Events.Plan(world.NowNs + world.Random.SkewedLong(1, mostNs), continuation);
}
