namespace Gain.Cli.Tuning;

/// <summary>A file of the kernel, and what is to be in it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Value">What is to be in it.</param>
/// <param name="Current">What is in it.</param>
/// <param name="Reason">What it does.</param>
/// <param name="IsMask">Whether it is a mask of CPUs, and not a list.</param>
internal sealed record Setting(string Path, string Value, string Current, string Reason, bool IsMask)
{
    public bool Holds(string? value) =>
        IsMask ? CpuList.AreSameMasks(value, Value) : string.Equals(value, Value, StringComparison.Ordinal);
}
