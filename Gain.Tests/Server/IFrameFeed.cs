namespace Gain.Tests.Server;

/// <summary>A connection of a framed protocol, fed by hand.</summary>
internal interface IFrameFeed : IDisposable
{
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

    /// <summary>The bytes that the emitted SendFrame writes.</summary>
    byte[] Send(byte[] payload);
}
