using Gain.Bench.Tools;

namespace Gain.Bench.RingCases;

/// <summary>The file that <c>read4k</c> reads: 64 MiB that stay in the page cache.</summary>
internal static class ReadFile
{
    private const int Bytes = 64 << 20;

    /// <summary>The file's path; it is made when there is none.</summary>
    public static string Path { get; } = System.IO.Path.Combine(Repository.BuildFolder("uring"), "read4k");

    public static void Make()
    {
        if (!File.Exists(Path) || new FileInfo(Path).Length != Bytes)
        {
            byte[] content = new byte[Bytes];
            new Random(1).NextBytes(content);
            File.WriteAllBytes(Path, content);
        }

        // Once, so that the first round reads from memory as the others do.
        _ = File.ReadAllBytes(Path);
    }
}
