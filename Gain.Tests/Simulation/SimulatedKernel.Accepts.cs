using Gain.Kernel;
using Gain.Workers;

namespace Gain.Tests.Simulation;

internal sealed partial class SimulatedKernel
{
    // Errors of the one connection, which is gone with them.
    private static readonly int[] s_lostConnections =
    [
        Errno.ECONNABORTED, Errno.EPROTO, Errno.EPERM, Errno.ENETDOWN, Errno.ENETUNREACH, Errno.EHOSTDOWN,
        Errno.EHOSTUNREACH, Errno.ENONET, Errno.ENOPROTOOPT, Errno.EOPNOTSUPP,
    ];

    private static readonly int[] s_acceptRetries = [Errno.EINTR, Errno.EAGAIN];

    private static readonly int[] s_acceptErrors =
        [Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM, Errno.EIO];

    /// <summary>A client's connection is established; it waits to be accepted.</summary>
    public bool TryConnect(SimulatedListener listener, SimulatedSocket socket)
    {
        if (listener.IsClosed)
        {
            return false;
        }

        listener.Backlog.Enqueue(socket);
        RunAccept(listener);
        return true;
    }

    /// <summary>Accepts one of those who wait, without an operation.</summary>
    // At the limit of connections clients wait, exactly as many as may; the next one is turned away.
    private void CheckTurnedAway(SimulatedSocket socket)
    {
        AcceptSettings accepts = World.Settings.Accepts;
        GainOptions options = World.Scenario.Options;
        bool isOfOther = World.IsStopping || IsAbandoned || World.IsMemoryShort || socket.IsBroken
            || options.Limits.MaxConnectionsPerAddress is not null
            || options.Accepting.DeniedNetworks.Count != 0
            || options.Accepting.MaxPerSecond is not null
            || World.HasLayers;
        if (socket.WasServed || isOfOther || accepts.LimitPolicy != ConnectionLimitPolicy.StopAccepting)
        {
            return;
        }

        int waiting = World.Peers.Count(peer => peer.Socket is
        {
            WasAccepted: true, WasServed: false, IsClosed: false, IsDialled: false,
        });
        if (waiting - 1 != accepts.MaxParked)
        {
            throw World.Fail(
                $"peer {socket.Peer.Id} was turned away when {waiting - 1} waited, "
                + $"and {accepts.MaxParked} may");
        }
    }

    public int AcceptNow(int descriptor)
    {
        var listener = (SimulatedListener)Find(descriptor);
        if (listener.Accept is not null)
        {
            throw World.Fail("a connection was accepted at once while an accept was in flight");
        }

        if (OpenDescriptors >= Faults.DescriptorLimit)
        {
            return -Errno.EMFILE;
        }

        if (!listener.Backlog.TryDequeue(out SimulatedSocket? socket))
        {
            return -Errno.EAGAIN;
        }

        socket.Fd = Open(socket);
        socket.WasAccepted = true;
        NoteProgress();
        Trace.Add($"peer {socket.Peer.Id}: accepted at once as descriptor {socket.Fd}");
        return socket.Fd;
    }

    private void RunAccept(SimulatedListener listener)
    {
        while (listener.Accept is { IsSubmitted: true, IsOver: false } accept)
        {
            // An accept takes its descriptor before it waits.
            if (OpenDescriptors >= Faults.DescriptorLimit)
            {
                Complete(accept, -Errno.EMFILE);
            }
            else if (listener.Backlog.Count == 0)
            {
                return;
            }
            else if (Random.Chance(Faults.AcceptError))
            {
                Complete(accept, -Random.Pick<int>(s_acceptErrors));
            }
            else if (Random.Chance(Faults.AcceptRetry))
            {
                RetryAccept(listener, accept);
            }
            else
            {
                Accept(listener.Backlog.Dequeue(), accept);
            }
        }
    }

    private void RetryAccept(SimulatedListener listener, SimulatedOperation accept)
    {
        int error = Random.Pick<int>(s_acceptRetries);
        if (Random.Chance(0.5))
        {
            error = Random.Pick<int>(s_lostConnections);
            SimulatedSocket lost = listener.Backlog.Dequeue();
            lost.IsClosed = true;
            lost.Peer.PlanReset();
        }

        Complete(accept, -error);
    }

    private void Accept(SimulatedSocket socket, SimulatedOperation accept)
    {
        socket.Fd = Open(socket);
        NoteProgress();
        Trace.Add($"peer {socket.Peer.Id}: accepted as descriptor {socket.Fd}");
        bool goesOn = !accept.TakesOne && !IsQueueFull && !Random.Chance(Faults.EndAccept);
        Complete(accept, socket.Fd, goesOn ? IORING_CQE.IORING_CQE_F_MORE : 0);
    }
}
