using Gain.Tests.Simulation.Layered;

namespace Gain.Tests.Simulation;

/// <remarks>
/// A layer lies between its socket and its protocol: what the socket counts are records, and what the
/// protocol sees is the plain text of those that are whole.
/// </remarks>
internal sealed partial class ServedConnection
{
    private long _startedNs;

    private LayeredPeer? Layer => peer.Layer;

    /// <summary>Bytes that went into the queue and are no plain text.</summary>
    private int LayerOverhead => Layer?.OverheadBytes ?? 0;

    /// <summary>The layer is there, and the end of what the peer sends is its business.</summary>
    private bool HasLayer => Layer is { HasBegun: true };

    // The protocol is given what comes as it is.
    private bool IsBeforeLayer => Layer is { HasBegun: false };

    /// <summary>
    /// The layer has failed, or has not been set up: what was written is not sent anymore.
    /// </summary>
    private bool IsLayerBroken => Layer is { HasFailed: true } or { HasBegun: true, IsUp: false };

    /// <summary>The protocol starts the layer.</summary>
    public void StartLayer(Connection connection)
    {
        if (connection.IsClosing)
        {
            return;
        }

        _startedNs = world.NowNs;
        Layer!.HasBegun = true;

        // What is written now waits, and keeps nobody from being read.
        _wasCongested = false;
        connection.StartLayer();
        world.Trace.Add($"  peer {peer.Id}: the layer starts");
    }

    private int InOf(int wire) => Layer?.InOf(wire) ?? wire;

    private int OutOf(int wire) => Layer?.OutOf(wire) ?? wire;

    // The peer does not read, and what the layer sends of itself waits.
    private bool IsLayerBlocked => Layer is not null && Socket.Send is not null && Socket.Room <= 0;

    // What the engine counts are records, of which one that is sent in part is not out yet.
    private int OutboundOf(Connection connection) => Layer is null
        ? connection.OutboundBytes
        : Math.Min(connection.OutboundBytes, Outbound);

    // A large write is sealed at once, with what was written before.
    private int AddedBy(int length, int before, Connection connection)
    {
        int added = connection.OutboundBytes - before;
        return Layer is not null && added > length && length >= LayerRecord.MaxBody ? length : added;
    }

    // The peer has ended in order: by the layer's own end, where there is one.
    private bool HasPeerEnded => HasLayer ? Layer!.HasClosedIn(Socket.Seen) : Socket.HasSeenEnd;

    private bool HasLayerFailed => Layer is { HasFailed: true };

    private bool IsLayerFailure =>
        Layer is { } layer && (layer.HasFailed || (layer.IsUpgraded && layer.HasBegun && layer.IsImpolite));

    private bool IsLayerTimeout => Layer is { IsUpgraded: true, HasBegun: true, IsUp: false }
        && IsDue((long)world.Settings.Layers[0]!.SetupTimeout.TotalMilliseconds, _startedNs);
}
