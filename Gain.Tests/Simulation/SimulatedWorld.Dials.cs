using Gain.Sockets;
using Gain.Workers;

namespace Gain.Tests.Simulation;

/// <remarks>Connections that the worker dials: another thread asks for them.</remarks>
internal sealed partial class SimulatedWorld
{
    /// <summary>Asks the worker for a connection.</summary>
    public Func<RemoteEnd, DialRequest> Post { get; set; } =
        static _ => throw new InvalidOperationException("No worker runs.");

    /// <summary>How often OnConnectFailed came.</summary>
    public int ConnectFailures { get; private set; }

    /// <summary>Whether the protocol counts them.</summary>
    public bool CountsConnectFailures => Plan.Name == nameof(Protocols.WatchedEcho);

    /// <summary>Has a peer dialled, and sometimes thinks better of it.</summary>
    public DialRequest Dial(SimulatedSocket socket)
    {
        int id = socket.Peer.Id;
        Trace.Add($"peer {id}: is to be dialled");
        ushort port = (ushort)(id + 1);
        DialRequest request = Post(Scenario.DialsNames && _names.Chance(0.7)
            ? new RemoteEnd(new DialName($"peer-{id}", port, ListenFamily.Any))
            : new RemoteEnd(new GainAddress((UInt128)1 << 64, port)));
        if (_dials.Chance(0.15))
        {
            Events.Plan(NowNs + _dials.SkewedLong(1, 20_000_000), () =>
            {
                Trace.Add($"peer {id}: its dial is cancelled, if it is not over");
                socket.Served.MailedToAbort |= !request.Ended.IsCompleted;
                request.Cancel(new CancellationToken(canceled: true));
            });
        }

        return request;
    }

    /// <summary>OnConnectFailed came.</summary>
    public void NoteConnectFailed(Connection connection, ConnectFailure failure, bool hasBegun)
    {
        Trace.Add($"  port {failure.Target.Port}: OnConnectFailed {failure.Reason} {failure.Errno}");
        ConnectFailures++;
        if (hasBegun || !connection.IsClosing)
        {
            throw Fail("OnConnectFailed came for a connection that was up, or is writable");
        }
    }

    /// <summary>Every dial has ended, in one way.</summary>
    public void CheckDials(WorkerCounters counters)
    {
        long up = 0;
        foreach (SimulatedPeer peer in Peers)
        {
            if (peer.Request is not { } request)
            {
                continue;
            }

            if (!request.Ended.IsCompleted)
            {
                throw Fail($"the dial of peer {peer.Id} never ended");
            }

            // Seen, so that nobody else reports it.
            _ = request.Ended.Exception;
            up += request.Ended.IsCompletedSuccessfully ? 1 : 0;
        }

        if (up > counters.Connected || (CountsConnectFailures && ConnectFailures != counters.FailedConnects))
        {
            throw Fail(
                $"{up} dials came up and {ConnectFailures} failed, but {counters.Connected} and "
                + $"{counters.FailedConnects} were counted");
        }
    }
}
