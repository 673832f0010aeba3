namespace Gain.Workers;

/// <summary>What a name stands for.</summary>
/// <param name="Addresses">In the order in which they are tried; none if it has none.</param>
/// <param name="FoundMs">When it was found.</param>
/// <param name="StaleMs">Until when it holds.</param>
internal sealed record NameAnswer(GainAddress[] Addresses, long FoundMs, long StaleMs);
