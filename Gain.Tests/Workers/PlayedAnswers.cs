namespace Gain.Tests.Workers;

/// <summary>What a worker on a <see cref="PlayedRing"/> is told, in the order of its asking.</summary>
/// <param name="Accepts">What accepts complete with.</param>
internal sealed record PlayedAnswers(int[] Accepts)
{
    /// <summary>What receives complete with, and when.</summary>
    public (long AtMs, int Result)[] Receives { get; init; } = [];

    /// <summary>What sends complete with, and when.</summary>
    public (long AtMs, int Result)[] Sends { get; init; } = [];

    /// <summary>The operation of the ring that fails once, by a defect; null for none.</summary>
    public string? Failing { get; init; }

    /// <summary>The time at the beginning.</summary>
    public long StartMs { get; init; } = 1_000;

    /// <summary>Whether all accepts complete in one batch.</summary>
    public bool AcceptsTogether { get; init; }

    /// <summary>What a wait for the peer's end completes with; null leaves it waiting.</summary>
    public int? HangUp { get; init; }
}
