namespace Gain.Rings;

/// <summary>
/// Makes a ring. Apart from <see cref="IRing"/>, so that a ring need not be known at start.
/// </summary>
/// <typeparam name="TRing">The ring.</typeparam>
internal interface IRingFactory<TRing>
    where TRing : struct, IRing
{
    /// <summary>Creates the ring of one worker, on that worker's thread.</summary>
    /// <exception cref="GainException">
    /// The ring cannot be had; the message says why and what to change.
    /// </exception>
    TRing Create(RingSettings settings);
}
