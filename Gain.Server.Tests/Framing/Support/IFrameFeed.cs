namespace Gain.Tests.Server;

/// <summary>A connection of a framed protocol, fed by hand.</summary>
internal interface IFrameFeed : IDisposable
{
    /// <summary>Where OnFrame leaves what it gets.</summary>
    FrameSink Sink { get; }

    /// <summary>The frames that OnFrame got.</summary>
    List<byte[]> Frames { get; }

    /// <summary>How the framing was violated; nothing more is read then.</summary>
    ProtocolErrorKind? Rejected { get; }

    /// <summary>The bytes of an unfinished frame that are kept.</summary>
    int CarriedBytes { get; }

    /// <summary>The blocks of memory that are lent to carry them.</summary>
    int CarriesInUse { get; }

    /// <summary>Hands received bytes to the emitted parser, as a worker does.</summary>
    void Receive(ReadOnlySpan<byte> data);

    /// <summary>Begins a new connection in the same place.</summary>
    void Reset();

    /// <summary>The connection.</summary>
    Connection Connection { get; }

    /// <summary>The blocks of outbound memory that are lent.</summary>
    int SegmentsInUse { get; }

    /// <summary>The bytes that the emitted SendFrame writes.</summary>
    byte[] Send(byte[] payload);

    /// <summary>Calls the emitted BeginFrame.</summary>
    void BeginFrame();

    /// <summary>Calls the emitted EndFrame.</summary>
    void EndFrame();

    /// <summary>Calls the emitted CancelFrame.</summary>
    void CancelFrame();

    /// <summary>Takes everything that was written, as a send would.</summary>
    byte[] TakeOutbound();
}
