using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gain.Tests.Kernel;

namespace Gain.Tests.Uring;

/// <summary>
/// Each operation fills its 64 bytes as the function of liburing's header does, byte for byte: as liburing
/// 2.15 filled them, which <c>liburing-entries.txt</c> keeps, and as the installed one does. The variable
/// GAIN_LIBURING_HEADER names another liburing.h than the one that is installed.
/// </summary>
[TestFixture]
internal sealed class LiburingLayoutTests
{
    private const string InstalledHeader = "/usr/include/liburing.h";
    private const string Kept = "Gain.Tests/Uring/liburing-entries.txt";

    private static string Header =>
        Environment.GetEnvironmentVariable("GAIN_LIBURING_HEADER") ?? InstalledHeader;

    [Test]
    public void Operations_fill_their_bytes_as_liburing_did()
    {
        string[] ours = [.. LiburingCalls.All.Select(row => $"{LiburingCalls.Bytes(row.Ours)} {row.Call}")];

        Assert.That(ours, Is.EqualTo(File.ReadAllLines(Path.Combine(SourceTree.Root, Kept))));
    }

    [Test]
    public void Operations_fill_their_bytes_as_the_installed_liburing_does()
    {
        string header = ReadHeader();
        var known = LiburingCalls.All.Where(row => IsIn(header, row.Call)).ToArray();
        string[] theirs = Run(known.Select(row => row.Call));

        Assert.That(known, Has.Length.GreaterThanOrEqualTo(60), "Too few functions were found.");
        Assert.That(theirs, Has.Length.EqualTo(known.Length));
        Assert.Multiple(() =>
        {
            for (int i = 0; i < known.Length; i++)
            {
                Assert.That(LiburingCalls.Bytes(known[i].Ours), Is.EqualTo(theirs[i]), known[i].Call);
            }
        });
        TestContext.Out.WriteLine($"{known.Length} compared");
    }

    [Test]
    [Explicit("writes the file that the first test compares with; needs a liburing.h that has every call")]
    public void Keep_the_bytes()
    {
        string[] calls = [.. LiburingCalls.All.Select(row => row.Call)];
        string header = ReadHeader();
        Assert.That(calls.Where(call => !IsIn(header, call)), Is.Empty, $"{Header} is too old.");

        File.WriteAllLines(
            Path.Combine(SourceTree.Root, Kept), Run(calls).Zip(calls, (bytes, call) => $"{bytes} {call}"));
    }

    [Test]
    public void Every_operation_of_the_list_is_compared()
    {
        IEnumerable<string> listed = LiburingNames.All
            .Where(name => name.StartsWith("io_uring_prep_", StringComparison.Ordinal));

        Assert.That(
            LiburingCalls.All.Select(row => NameOf(row.Call)).Distinct(), Is.EquivalentTo(listed));
    }

    private static string NameOf(string call) => "io_uring_prep_" + call[..call.IndexOf('(')];

    // Before 2.4, which added msg_ring_fd_alloc, the functions did not know the index that stands for any.
    private static bool IsIn(string header, string call) =>
        Regex.IsMatch(header, $@"\b{NameOf(call)}\b")
        && (!call.Contains("ANY", StringComparison.Ordinal) || header.Contains("prep_msg_ring_fd_alloc"));

    private static string ReadHeader()
    {
        if (!File.Exists(Header))
        {
            Assert.Ignore($"no {Header}: liburing-dev is not installed");
        }

        return File.ReadAllText(Header);
    }

    private static string[] Run(IEnumerable<string> calls) =>
        CProgram.Run(Source(calls)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Source(IEnumerable<string> calls)
    {
        StringBuilder source = new(
            $"""
            #define _GNU_SOURCE
            #include <stdio.h>
            #include <string.h>
            #include "{Header}"
            #define P (void *)0x1000
            #define Q (void *)0x2000
            #define R (void *)0x3000
            #define ANY IORING_FILE_INDEX_ALLOC
            static struct io_uring_sqe memory, *sqe = &memory;
            static void start(void) {"{ memset(sqe, 0, sizeof(*sqe)); }"}
            static void end(void)
            {"{"}
                for (unsigned i = 0; i < sizeof(*sqe); i++) printf("%02x", ((unsigned char *)sqe)[i]);
                printf("\n");
            {"}"}
            int main(void) {"{"}

            """);
        foreach (string call in calls)
        {
            source.Append(CultureInfo.InvariantCulture, $"start(); io_uring_prep_{call}; end();\n");
        }

        return source.Append("return 0; }\n").ToString();
    }
}
