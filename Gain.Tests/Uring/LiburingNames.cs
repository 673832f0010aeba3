namespace Gain.Tests.Uring;

/// <summary>The public names of liburing's header, as of the version that this library follows.</summary>
internal static class LiburingNames
{
    internal static string[] All { get; } =
    [
        .. File.ReadLines(Path.Combine(SourceTree.Root, "Gain.Tests/Uring/liburing-names.txt"))
            .Where(line => line.Length > 0),
    ];
}
