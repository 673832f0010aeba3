using Gain.Analyzers.CodeFixes;
using Gain.Analyzers.HotPath;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>What a fix leaves compiles, and none of the analyzers reports it.</summary>
public sealed class AllocationFixTests
{
    [Test]
    public Task Local_functions_become_static() =>
        RuleVerifier.VerifyFix<HotPathAnalyzer, StaticFunctionFix>(
            Handler("""
                        _at = Array.FindIndex(s_lengths, {|GAIN1005:IsLong|});
                        _at = Array.FindIndex(s_lengths, {|GAIN1005:IsShort|});

                        // Longer than most.
                        bool IsLong(int one) => one > 100;
                        bool IsShort(int one)
                        {
                            return one < 10;
                        }
                """),
            Handler("""
                        _at = Array.FindIndex(s_lengths, IsLong);
                        _at = Array.FindIndex(s_lengths, IsShort);

                        // Longer than most.
                        static bool IsLong(int one) => one > 100;
                        static bool IsShort(int one)
                        {
                            return one < 10;
                        }
                """));

    [Test]
    public Task Delegates_of_static_methods_become_conversions() =>
        RuleVerifier.VerifyFix<HotPathAnalyzer, StaticFunctionFix>(
            Handler("""
                        _at = Array.FindIndex(s_lengths, {|GAIN1005:new Predicate<int>(IsLong)|});
                        _at = Array.FindLastIndex(s_lengths, {|GAIN1005:new Predicate<int>(IsLong)|});
                    }

                    private static bool IsLong(int one)
                    {
                        return one > 100;
                """),
            Handler("""
                        _at = Array.FindIndex(s_lengths, (Predicate<int>)IsLong);
                        _at = Array.FindLastIndex(s_lengths, (Predicate<int>)IsLong);
                    }

                    private static bool IsLong(int one)
                    {
                        return one > 100;
                """));

    [Test]
    public Task Small_arrays_move_into_the_frame() =>
        RuleVerifier.VerifyFix<HotPathAnalyzer, StackallocFix>(
            Handler("""
                        byte[] header = {|GAIN1002:new byte[4]|};
                        header[0] = (byte)data.Length;
                        connection.Send(header);
                        var other = {|GAIN1002:new byte[8]|};
                        connection.Send(other);
                """),
            Handler("""
                        Span<byte> header = stackalloc byte[4];
                        header[0] = (byte)data.Length;
                        connection.Send(header);
                        Span<byte> other = stackalloc byte[8];
                        connection.Send(other);
                """));

    [Test]
    public Task Arrays_that_are_passed_as_spans_become_collection_expressions() =>
        RuleVerifier.VerifyFix<HotPathAnalyzer, StackallocFix>(
            Handler("""
                        connection.Send({|GAIN1002:new byte[] { (byte)data.Length, 2 }|});
                        connection.Send({|GAIN1002:new[] { (byte)data.Length }|});
                """),
            Handler("""
                        connection.Send([(byte)data.Length, 2]);
                        connection.Send([(byte)data.Length]);
                """));

    [Test]
    public Task Array_that_is_kept_has_no_fix()
    {
        string kept = Handler("""
                    byte[] copy = {|GAIN1002:new byte[4]|};
                    s_kept = copy;
            """);
        return RuleVerifier.VerifyFix<HotPathAnalyzer, StackallocFix>(kept, kept);
    }

    private const string Writing =
        "System.Text.Unicode.Utf8.TryWrite(connection.GetSpan(SIZE), $\"{data.Length} B\", out written)";

    [Test]
    public Task Interpolated_strings_are_written_into_the_frame() =>
        RuleVerifier.VerifyFix<HotPathAnalyzer, TryWriteFix>(
            Handler("""
                        connection.Send(Encoding.UTF8.{|GAIN1012:GetBytes|}({|GAIN1007:$"{data.Length} B"|}));
                """),
            Handler("""
                        {
                            int size = 256;
                            int written;
                            while (!TRY(size))
                            {
                                size *= 2;
                            }

                            connection.Advance(written);
                        }
                """.Replace("TRY(size)", Writing.Replace("SIZE", "size"), StringComparison.Ordinal)));

    [Test]
    public Task Interpolated_strings_in_a_variable_are_written_into_the_frame() =>
        RuleVerifier.VerifyFix<HotPathAnalyzer, TryWriteFix>(
            Handler("""
                        // Kept.
                        string size = {|GAIN1007:$"{data.Length} B"|};
                        connection.Send(Encoding.UTF8.{|GAIN1012:GetBytes|}(size));
                """),
            Handler("""
                        // Kept.
                        {
                            int size2 = 256;
                            int written;
                            while (!TRY(size2))
                            {
                                size2 *= 2;
                            }

                            connection.Advance(written);
                        }
                """.Replace("TRY(size2)", Writing.Replace("SIZE", "size2"), StringComparison.Ordinal)));

    [Test]
    public Task Interpolated_string_that_is_used_twice_has_no_fix()
    {
        string used = Handler("""
                    string size = {|GAIN1007:$"{data.Length} B"|};
                    connection.Send(Encoding.UTF8.{|GAIN1012:GetBytes|}(size));
                    _at = size.Length;
            """);
        return RuleVerifier.VerifyFix<HotPathAnalyzer, TryWriteFix>(used, used);
    }

    [Test]
    public Task Compared_structs_become_equatable() =>
        RuleVerifier.VerifyFix<HotPathAnalyzer, EquatableFix>(
            Handler("""
                        _at = s_seen.{|GAIN1003:ContainsKey|}(new Key { Length = data.Length }) ? 1 : 0;
                        _at += s_seen.{|GAIN1003:ContainsKey|}(default) ? 1 : 0;
                """) + """

                internal struct Key
                {
                    public int Length;
                    public long Time;
                }
                """,
            Handler("""
                        _at = s_seen.ContainsKey(new Key { Length = data.Length }) ? 1 : 0;
                        _at += s_seen.ContainsKey(default) ? 1 : 0;
                """) + """

                internal struct Key : IEquatable<Key>
                {
                    public int Length;
                    public long Time;

                    public readonly bool Equals(Key other) => Length == other.Length && Time == other.Time;

                    public override readonly bool Equals(object? obj) => obj is Key other && Equals(other);

                    public override readonly int GetHashCode() => HashCode.Combine(Length, Time);
                }
                """);

    [Test]
    public Task Compared_structs_of_more_than_eight_fields_become_equatable()
    {
        string equal = string.Join(" && ", Enumerable.Range(0, 9).Select(i => $"F{i} == other.F{i}"));
        return RuleVerifier.VerifyFix<HotPathAnalyzer, EquatableFix>(
            Handler("""
                        _at = s_seen.{|GAIN1003:ContainsKey|}(new Key { F0 = data.Length }) ? 1 : 0;
                """) + """

                internal struct Key
                {
                    public int F0;
                    public int F1;
                    public int F2;
                    public int F3;
                    public int F4;
                    public int F5;
                    public int F6;
                    public int F7;
                    public int F8;
                }
                """,
            Handler("""
                        _at = s_seen.ContainsKey(new Key { F0 = data.Length }) ? 1 : 0;
                """) + $$"""

                internal struct Key : IEquatable<Key>
                {
                    public int F0;
                    public int F1;
                    public int F2;
                    public int F3;
                    public int F4;
                    public int F5;
                    public int F6;
                    public int F7;
                    public int F8;

                    public readonly bool Equals(Key other) => {{equal}};

                    public override readonly bool Equals(object? obj) => obj is Key other && Equals(other);

                    public override readonly int GetHashCode()
                    {
                        var hash = new HashCode();
                        hash.Add(F0);
                        hash.Add(F1);
                        hash.Add(F2);
                        hash.Add(F3);
                        hash.Add(F4);
                        hash.Add(F5);
                        hash.Add(F6);
                        hash.Add(F7);
                        hash.Add(F8);
                        return hash.ToHashCode();
                    }
                }
                """);
    }

    private static string Handler(string body) => $$"""
        #pragma warning disable CS0169, CS0414, CS0649, IDE0044
        using System.Text;

        [GainProtocol]
        public partial struct Handler
        {
            private void OnRead(Connection connection, ReadOnlySpan<byte> data)
            {
        {{body}}
            }

            private int _at;
            private static byte[]? s_kept;
            private static readonly int[] s_lengths = [1, 2, 4];
            private static readonly Dictionary<Key, int> s_seen = [];
        }
        """ + (body.Contains("ContainsKey", StringComparison.Ordinal)
            ? ""
            : "\n\ninternal readonly record struct Key(int Length);");
}
