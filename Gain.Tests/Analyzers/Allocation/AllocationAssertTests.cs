using Gain.Testing;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>The assert for a user's own tests.</summary>
public sealed class AllocationAssertTests
{
    private static object? s_kept;
    private static int s_number;

    [Test]
    public void What_does_not_allocate_passes() => AllocationAssert.Zero(static () => s_number++);

    [Test]
    public void What_allocates_once_passes() => AllocationAssert.Zero(static () => s_kept ??= new object());

    [Test]
    public void What_allocates_fails_with_the_bytes() => Assert.That(
        static () => AllocationAssert.Zero(static () => s_kept = new byte[40]),
        Throws.InstanceOf<AllocationException>().With.Message.StartsWith("64 bytes are allocated a call"));

    [TestCase("System.String", "GAIN1007")]
    [TestCase("System.Byte[]", "GAIN1002")]
    [TestCase("Program+<>c__DisplayClass0_0", "GAIN1004")]
    [TestCase("System.Func`2[System.Int32,System.Int32]", "GAIN1005")]
    [TestCase("System.Int32", "GAIN1003")]
    [TestCase("System.Linq.Enumerable+ArrayWhereIterator`1[System.Int32]", "GAIN1010")]
    [TestCase("System.Threading.Tasks.Task`1[System.Int32]", "GAIN1011")]
    [TestCase("Program+<Lengths>d__3", "GAIN1009")]
    [TestCase("System.Collections.Generic.List`1+Enumerator[System.Int32]", "GAIN1008")]
    [TestCase("Program", "GAIN1001")]
    public void Type_tells_the_likely_rule(string type, string rule) =>
        Assert.That(AllocatedTypes.RuleOf(type), Is.EqualTo(rule));
}
