using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Tests.Simulation;

internal sealed partial class SimulatedKernel
{
    private static readonly int[] s_openErrors = [Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM];

    private static readonly int[] s_connectErrors =
    [
        Errno.ECONNREFUSED, Errno.EHOSTUNREACH, Errno.ENETUNREACH, Errno.EADDRNOTAVAIL, Errno.ETIMEDOUT,
        Errno.ECONNRESET, Errno.EACCES, Errno.ENOMEM, Errno.EAGAIN,
    ];

    /// <summary>Connects that were begun.</summary>
    public int Connects { get; private set; }

    public int OpenOutgoing()
    {
        if (OpenDescriptors >= Faults.DescriptorLimit || Random.Chance(Faults.AcceptError))
        {
            return -Random.Pick<int>(s_openErrors);
        }

        NoteProgress();
        return Open(new SimulatedDial());
    }

    // The port says which peer it is.
    public void PrepConnect(int descriptor, in sockaddr_storage address, uint length, ulong userData)
    {
        if (Find(descriptor) is not SimulatedDial { Peer: null } dial)
        {
            throw World.Fail($"descriptor {descriptor} was connected, and is no new socket");
        }

        sockaddr_storage name = address;
        if (!EndPointConversion.TryReadAddress(ref name, length, out GainAddress target))
        {
            throw World.Fail("a connect was prepared to no address");
        }

        SimulatedSocket socket = World.Peers[target.Port - 1].Socket;
        if (userData >> 56 == (ulong)Operation.Attempt)
        {
            Connects++;
            dial.Peer = socket.Peer;
            Prepare(new SimulatedOperation(Operation.Attempt, userData) { Dial = dial });
            return;
        }

        if (socket.Fd >= 0 || socket.IsClosed)
        {
            throw World.Fail($"peer {socket.Peer.Id} was dialled twice");
        }

        Connects++;
        socket.Fd = descriptor;
        _descriptors[descriptor - FirstDescriptor] = socket;
        Prepare(new SimulatedOperation(Operation.Connect, userData) { Socket = socket });
    }

    /// <summary>Sometimes it is its own peer that a socket has connected to.</summary>
    public int FinishConnect(int descriptor)
    {
        if (Find(descriptor) is SimulatedDial attempt)
        {
            return FinishAttempt(descriptor, attempt);
        }

        SimulatedSocket socket = SocketOf(descriptor);
        if (!socket.IsUp)
        {
            throw World.Fail($"peer {socket.Peer.Id} was said to be up, and is not");
        }

        if (Random.Chance(Faults.AcceptRetry))
        {
            return -Errno.ECONNREFUSED;
        }

        socket.WasServed = true;
        return 0;
    }

    // The attempt that the worker finishes first is the connection: there is no other one.
    private int FinishAttempt(int descriptor, SimulatedDial attempt)
    {
        SimulatedSocket socket = attempt.Peer!.Socket;
        if (!attempt.IsUp || attempt.InFlight != 0)
        {
            throw World.Fail($"an attempt at peer {attempt.Peer.Id} was said to be up, and is not");
        }

        if (Random.Chance(Faults.AcceptRetry))
        {
            return -Errno.ECONNREFUSED;
        }

        if (socket.Fd >= 0 || socket.IsClosed)
        {
            throw World.Fail($"two attempts at peer {attempt.Peer.Id} are its connection");
        }

        Trace.Add($"peer {attempt.Peer.Id}: descriptor {descriptor} is its connection");
        _descriptors[descriptor - FirstDescriptor] = socket;
        socket.Fd = descriptor;
        socket.IsUp = true;
        socket.WasAccepted = true;
        socket.WasServed = true;
        socket.Peer.Begin();
        return 0;
    }

    private void CloseAttempt(SimulatedDial attempt)
    {
        if (attempt.InFlight != 0 && !IsAbandoned)
        {
            throw World.Fail(
                $"an attempt at peer {attempt.Peer!.Id} was closed with {attempt.InFlight} operations in "
                + "flight");
        }

        Trace.Add($"a socket that was to connect is closed");
    }

    private void StartConnect(SimulatedOperation connect)
    {
        // Soon; refused; late; never; and otherwise, of which a cancellation or a deadline is the end.
        double fate = Random.Below(100) / 100.0;
        if (fate < 0.5)
        {
            PlanConnect(connect, Random.SkewedLong(1, 2_000_000), ComeUp);
        }
        else if (fate < 0.7)
        {
            PlanConnect(
                connect,
                Random.SkewedLong(1, 20_000_000),
                late => Complete(late, -Random.Pick<int>(s_connectErrors)));
        }
        else if (fate < 0.9)
        {
            PlanConnect(connect, Random.SkewedLong(1_000_000, 400_000_000), ComeUp);
        }
    }

    private void PlanConnect(SimulatedOperation connect, long afterNs, Action<SimulatedOperation> what) =>
        World.Events.Plan(World.NowNs + afterNs, () =>
        {
            if (!connect.IsOver)
            {
                NoteProgress();
                what(connect);
            }
        });

    private void ComeUp(SimulatedOperation connect)
    {
        if (connect.Dial is { } attempt)
        {
            attempt.IsUp = true;
            Trace.Add($"peer {attempt.Peer!.Id}: an attempt at it is over");
            Complete(connect, 0);
            return;
        }

        SimulatedSocket socket = connect.Socket!;
        socket.IsUp = true;
        Trace.Add($"peer {socket.Peer.Id}: its connect is over");
        Complete(connect, 0);
        socket.Peer.Begin();
    }

    // It failed, or was given up: the protocol has never had it.
    private void CloseDialled(SimulatedSocket socket)
    {
        if (socket.InFlight != 0 && !IsAbandoned)
        {
            throw World.Fail(
                $"peer {socket.Peer.Id} was dialled, and its descriptor closed with {socket.InFlight} "
                + "operations in flight");
        }

        Trace.Add($"peer {socket.Peer.Id}: a dial is closed, up {socket.IsUp}");
        socket.IsClosed = true;
        socket.Fd = -1;
        socket.Peer.PlanReset();
    }
}
