using System.ComponentModel;

namespace Gain.Layers;

/// <summary>The state that a layer keeps for one connection: bytes in, bytes out, on the worker's
/// thread.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class LayerSession
{
    /// <summary>Whether the peer has ended what it sends, in order: else its FIN cuts it off.</summary>
    public abstract bool HasPeerEnded { get; }

    /// <summary>Why it has failed, for the log: nothing that a peer has chosen stands there as it
    /// came.</summary>
    public abstract string Failure { get; }

    /// <summary>Takes what was received, and goes one step.</summary>
    /// <param name="input">What was received; what was taken is cut off its front.</param>
    /// <param name="plaintext">Room for plaintext, never empty.</param>
    /// <param name="output">Where goes what it sends of itself.</param>
    /// <param name="count">The bytes of plaintext that it wrote.</param>
    public abstract LayerStatus Receive(
        ref ReadOnlySpan<byte> input, Span<byte> plaintext, LayerOutput output, out int count);

    /// <summary>Makes of plaintext what is sent.</summary>
    /// <returns>False when it has failed: the plaintext is lost.</returns>
    public abstract bool Seal(ReadOnlySpan<byte> plaintext, LayerOutput output);

    /// <summary>Ends what is sent, in order; once, whatever it is called more, and nothing where it has
    /// failed.</summary>
    public abstract void Close(LayerOutput output);

    /// <summary>Frees the state. It may be another connection's after that.</summary>
    public abstract void End();
}
