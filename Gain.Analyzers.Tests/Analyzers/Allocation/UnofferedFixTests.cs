using Gain.Analyzers.CodeFixes;
using Gain.Analyzers.HotPath;
using Gain.Tests.Analyzers.Rules;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>
/// A fix that could overflow the stack, change what is done, or lose a comment is not offered.
/// </summary>
public sealed class UnofferedFixTests
{
    [TestCase("foreach (byte one in data) { byte[] part = {|GAIN1002:new byte[4]|}; part[0] = one; }")]
    [TestCase("while (_at < 5) { byte[] part = {|GAIN1002:new byte[4]|}; part[0] = 1; _at++; }")]
    [TestCase("again: byte[] part = {|GAIN1002:new byte[4]|}; part[0] = 1; if (_at++ < 9) { goto again; }")]
    [TestCase(
        "switch (data.Length) { case 1: byte[] part = {|GAIN1002:new byte[4]|}; part[0] = 1; "
        + "if (_at++ < 9) { goto case 1; } break; }")]
    [TestCase("long[] part = {|GAIN1002:new long[129]|}; part[0] = 1;")]
    [TestCase("Large[] part = {|GAIN1002:new Large[16]|}; part[0].A = 1;")]
    [TestCase("Guid[] part = {|GAIN1002:new Guid[4]|}; _at = part.Length;")]
    [TestCase("byte[] part = {|GAIN1002:new /* four */ byte[4]|}; part[0] = 1;")]
    public Task Array_that_does_not_belong_into_the_frame_stays(string code) => Stays<StackallocFix>(code);

    [TestCase("_at = Length({|GAIN1002:new byte[] { data[0] }|});")]
    [TestCase("_at = Both({|GAIN1002:new byte[] { data[0] }|});")]
    [TestCase("connection.Send({|GAIN1002:new byte[] { data[0], /* and */ 2 }|});")]
    public Task Array_that_is_passed_as_one_stays(string code) => Stays<StackallocFix>(code);

    [Test]
    public Task Array_as_large_as_the_frame_allows_moves() =>
        RuleVerifier.VerifyFix<HotPathAnalyzer, StackallocFix>(
            Handler("long[] part = {|GAIN1002:new long[128]|}; part[0] = 1;"),
            Handler("Span<long> part = stackalloc long[128]; part[0] = 1;"));

    [TestCase("s_kept = Encoding.UTF8.{|GAIN1012:GetBytes|}({|GAIN1007:$\"{data.Length}\"|});")]
    [TestCase("connection.Send(MyEncoding.UTF8.GetBytes({|GAIN1007:$\"{data.Length}\"|}));")]
    [TestCase("connection.Send(Encoding.UTF8.{|GAIN1012:GetBytes|}({|GAIN1007:$\"{DayOfWeek.Monday}\"|}));")]
    [TestCase(
        "connection.Send(Encoding.UTF8.{|GAIN1012:GetBytes|}(/* why */ {|GAIN1007:$\"{data.Length}\"|}));")]
    [TestCase("connection.Send(Encoding.UTF8.{|GAIN1012:GetBytes|}({|GAIN1007:$\"{_at++}\"|}));")]
    [TestCase("connection.Send(Encoding.UTF8.{|GAIN1012:GetBytes|}({|GAIN1007:$\"{Length([])}\"|}));")]
    [TestCase("Take(Encoding.UTF8.{|GAIN1012:GetBytes|}({|GAIN1007:$\"{data.Length}\"|}));")]
    [TestCase(
        "_ = connection.TrySend(Encoding.UTF8.{|GAIN1012:GetBytes|}({|GAIN1007:$\"{data.Length}\"|}));")]
    public Task Text_that_is_not_written_in_place_stays(string code) => Stays<TryWriteFix>(code);

    [Test]
    public Task Function_that_calls_one_that_captures_stays() => Stays<StaticFunctionFix>("""
        _at = Array.FindIndex(s_lengths, {|GAIN1005:IsLong|});
        bool IsLong(int one) => IsAny(one);
        bool IsAny(int one) => one > 0;
        """);

    [TestCase("internal struct Key { public Inner Part; } internal struct Inner { public int Value; }")]
    [TestCase("internal struct Key(int value) { public int Other; public int Sum() => value + Other; }")]
    public Task Struct_whose_fields_cannot_be_compared_stays(string key)
    {
        string source = Handler("_at = s_seen.{|GAIN1003:ContainsKey|}(default) ? 1 : 0;") + "\n" + key;
        return RuleVerifier.VerifyFix<HotPathAnalyzer, EquatableFix>(source, source);
    }

    [Test]
    public Task Struct_with_a_primary_constructor_becomes_equatable() =>
        RuleVerifier.VerifyFix<HotPathAnalyzer, EquatableFix>(
            Handler("_at = s_seen.{|GAIN1003:ContainsKey|}(default) ? 1 : 0;") + """

            internal struct Key(double value)
            {
                public double Value = value;
            }
            """,
            Handler("_at = s_seen.ContainsKey(default) ? 1 : 0;") + """

            internal struct Key(double value) : IEquatable<Key>
            {
                public double Value = value;

                public readonly bool Equals(Key other) => Value.Equals(other.Value);

                public override readonly bool Equals(object? obj) => obj is Key other && Equals(other);

                public override readonly int GetHashCode() => HashCode.Combine(Value);
            }
            """);

    private static Task Stays<TFix>(string code)
        where TFix : CodeFixProvider, new()
    {
        string source = Handler(code);
        return RuleVerifier.VerifyFix<HotPathAnalyzer, TFix>(source, source);
    }

    private static string Handler(string body) => $$"""
        #pragma warning disable CS0169, CS0414, CS0649, CS0219, CS0164, IDE0044
        using System.Text;

        [GainProtocol]
        public partial struct Handler
        {
            private void OnRead(Connection connection, ReadOnlySpan<byte> data)
            {
                {{body}}
            }

            private static void Take(ReadOnlySpan<byte> bytes) => s_lengths[0] = bytes.Length;

            private static int Length(byte[] bytes) => bytes.Length;

            private static int Both(byte[] bytes) => bytes.Length;

            private static int Both(ReadOnlySpan<byte> bytes) => -bytes.Length;

            private int _at;
            private static byte[]? s_kept;
            private static readonly int[] s_lengths = [1, 2, 4];
            private static readonly Dictionary<Key, int> s_seen = [];
        }

        internal struct Large
        {
            public decimal A, B, C, D, E;
        }

        internal static class MyEncoding
        {
            public static class UTF8
            {
                public static ReadOnlySpan<byte> GetBytes(string text) => "one"u8;
            }
        }
        """ + (body.Contains("ContainsKey", StringComparison.Ordinal)
            ? ""
            : "\n\ninternal readonly record struct Key(int Length);");
}
