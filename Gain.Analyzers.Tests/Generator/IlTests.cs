using System.Reflection;
using System.Reflection.Emit;

namespace Gain.Tests.Generator;

/// <summary>The emitted code, as the compiler leaves it: no allocation, and direct calls only.</summary>
public sealed class IlTests
{
    private static readonly string[] s_writers = ["SendFrame", "BeginFrame", "EndFrame", "CancelFrame"];
    private static readonly int s_membersOfIProtocol =
        typeof(Gain.CompilerServices.IProtocol<>).GetMethods().Length;

    private const string Prefix = "Gain.CompilerServices.IProtocol<";

    [TestCaseSource(typeof(Samples), nameof(Samples.All))]
    public void Generated_members_allocate_nothing_and_call_directly(string name, string source)
    {
        GeneratorRun run = GeneratorRun.Of(source);
        using var reader = new IlReader(CompiledSample.Emit(run.Output));

        int writers = run.Text.Split("internal static void ").Length - 1;
        int optional = run.Text.Contains("OnDatagram(", StringComparison.Ordinal) ? 0 : 1;
        optional += run.Text.Contains("OnDatagramClosed(", StringComparison.Ordinal) ? 0 : 1;
        optional += run.Text.Contains("OnStopping", StringComparison.Ordinal) ? 0 : 1;
        optional += run.Text.Contains(">.Connect(", StringComparison.Ordinal) ? 0 : 1;
        optional += run.Text.Contains("OnConnectFailed(", StringComparison.Ordinal) ? 0 : 1;
        Assert.That(
            reader.Methods.Count(IsGenerated), Is.EqualTo(s_membersOfIProtocol - optional + writers), name);
        Assert.That(IlRules.Check(reader, IsGenerated), Is.Empty, name);
    }

    [TestCase(Samples.Echo, new[] { "HandleReceive", "HandleSend", "HandleOther" })]
    [TestCase(Samples.Empty, new[] { "HandleReceive", "HandleSend", "HandleOther" })]
    [TestCase(
        Samples.Everything,
        new[] { "HandleReceive", "HandleSend", "HandleAccept", "HandleDatagram", "HandleOther" })]
    public void The_switch_calls_the_worker_for_each_operation_in_use(string source, string[] expected)
    {
        using var reader = new IlReader(CompiledSample.Emit(GeneratorRun.Of(source).Output));
        MethodBase complete = Member(reader, "Complete");
        IEnumerable<string> calls = reader.InstructionsOf(complete)
            .Where(instruction => instruction.Code == OpCodes.Callvirt)
            .Select(instruction => ((MethodBase)instruction.Operand!).Name);

        Assert.That(calls, Is.EquivalentTo(expected));
    }

    [TestCase(Samples.Lines)]
    [TestCase(Samples.Bytes)]
    public void Delimiters_are_data_of_the_assembly(string source)
    {
        using var reader = new IlReader(CompiledSample.Emit(GeneratorRun.Of(source).Output));
        MethodBase read = Member(reader, "Read");

        Assert.That(
            reader.InstructionsOf(read),
            Has.Some.Matches<(OpCode Code, object? Operand)>(instruction =>
                instruction.Code == OpCodes.Ldsflda || instruction.Code == OpCodes.Ldtoken));
    }

    // The positive control: each rule finds what it is for.
    [TestCase("static object M(int x) => x;", "box")]
    [TestCase("static string M(int x) => $\"{(object)x}\";", "box")]
    [TestCase("static bool M<T>(T x) => x is null;", "box")]
    [TestCase("static object M() => new object();", "newobj")]
    [TestCase("static int[] M(int n) => new int[n];", "newarr")]
    [TestCase("static System.Action M() => M2; static void M2() { }", "ldftn")]
    [TestCase("static System.Action M(string s) => () => System.GC.KeepAlive(s);", "ldftn")]
    [TestCase("static System.Func<string> M(object o) => o.ToString!;", "ldvirtftn")]
    [TestCase("static void M(System.Action a) => a();", "delegate call")]
    [TestCase("static void M(System.IDisposable d) => d.Dispose();", "interface call")]
    [TestCase("static void M<T>(T x) where T : System.IDisposable => x.Dispose();", "interface call")]
    [TestCase("static string? M(object o) => o.ToString();", "virtual call")]
    [TestCase("static string M(string s) => s.ToString();", "virtual call")]
    [TestCase("static System.Type M(object o) => o.GetType();", "call on an open class")]
    [TestCase("static string M() => \"text\";", "ldstr")]
    [TestCase("static int M(int n) { System.Span<int> s = stackalloc int[n]; return s[0]; }", "localloc")]
    public void The_rules_find(string method, string code)
    {
        GeneratorRun run = GeneratorRun.Of($"internal static class Bad {{ internal {method} }}");
        Assert.That(run.Problems, Is.Empty);
        using var reader = new IlReader(CompiledSample.Emit(run.Output));

        IEnumerable<IlFinding> findings = IlRules.Check(reader, one => one.Name == "M");

        Assert.That(findings.Select(finding => finding.Code), Does.Contain(code));
    }

    [TestCase("static System.ReadOnlySpan<byte> M() => \"text\"u8;")]
    [TestCase("static System.ReadOnlySpan<byte> M() => [1, 2, 3];")]
    [TestCase("static System.DateTime M() => new(2000, 1, 1);")]
    [TestCase("static int M(string s) => s.Length;")]
    public void The_rules_allow(string method)
    {
        GeneratorRun run = GeneratorRun.Of($"internal static class Good {{ internal {method} }}");
        Assert.That(run.Problems, Is.Empty);
        using var reader = new IlReader(CompiledSample.Emit(run.Output));

        Assert.That(reader.Methods.Count(one => one.Name == "M"), Is.EqualTo(1));
        Assert.That(IlRules.Check(reader, one => one.Name == "M"), Is.Empty);
    }

    // An explicit implementation has the interface in its name, and so have local functions inside it.
    private static bool IsGenerated(MethodBase method) =>
        method.Name.Contains(Prefix, StringComparison.Ordinal) || s_writers.Contains(method.Name);

    private static MethodBase Member(IlReader reader, string name) =>
        reader.Methods.Single(method =>
            IsGenerated(method) && method.Name.EndsWith($".{name}", StringComparison.Ordinal));
}
