namespace Gain.UringCopy;

/// <summary>What to copy and how.</summary>
/// <param name="Source">The path to copy from.</param>
/// <param name="Destination">The path to copy to.</param>
/// <param name="Depth">Reads and writes in flight at once.</param>
/// <param name="BlockBytes">The size of each.</param>
/// <param name="Force">Whether to replace a file that is there.</param>
/// <param name="Sync">Whether to wait for the device.</param>
internal sealed record CopySettings(
    string Source, string Destination, int Depth, int BlockBytes, bool Force, bool Sync);
