using System.Text;
using CsCheck;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// Random programs of operations on files, run on a ring and by plain system calls: the results, what was
/// read and what is left are the same.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class RandomProgramTests
{
    private const int MaxSteps = 30;

    private static readonly Gen<Step> s_step = Gen.Select(
        Gen.Enum<StepKind>(), Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 20_000], Gen.Int[0, 9000],
        (kind, first, second, offset, length) => new Step(kind, first, second, offset, length));

    [Test]
    public void A_ring_does_what_the_system_calls_do([Values] bool batched, [Values] bool fixedBuffers) =>
        s_step.Array[1, MaxSteps].Sample(
            steps => Compare(steps, batched, fixedBuffers), iter: 150, threads: 1);

    private static void Compare(Step[] steps, bool batched, bool fixedBuffers)
    {
        using TempFolder onRing = new();
        using TempFolder byCalls = new();
        using RingProgram ring = new(onRing.At("."), batched, fixedBuffers);
        using CallProgram calls = new(byCalls.At("."));

        string[] ours = ring.Run(steps);
        string[] theirs = calls.Run(steps);

        Assert.That(ours, Is.EqualTo(theirs), string.Join('\n', steps.Select(step => step.ToString())));
        Assert.That(Tree(onRing.At(".")), Is.EqualTo(Tree(byCalls.At("."))));
    }

    private static string[] Tree(string root) => [.. Directory
        .EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(path => Path.GetRelativePath(root, path) + " " + Describe(path))];

    private static string Describe(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
        {
            return "-> " + target;
        }

        return Directory.Exists(path) ? "directory" : Convert.ToHexString(
            System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
    }
}
