namespace Gain.Tests.Analyzers.Allocation;

/// <summary>The message says when a member allocates that mostly does not, and what to do.</summary>
public sealed class GrowthTests
{
    [TestCase("s_list.Add(1)", "List<int>.Add(int) allocates when it grows; give it its capacity")]
    [TestCase("_ = s_regex.IsMatch(\"a\")", "allocates when another thread matches by the same Regex")]
    [TestCase(
        "using var a = s_source.StartActivity(\"a\")",
        "allocates when somebody listens; ask HasListeners()")]
    [TestCase("Further()", "C.Further() → List<int>.Add(int) allocates when it grows; give it")]
    public async Task Message_says_when(string call, string expected)
    {
        string[] found = await HotPathRun.MessagesOf($$"""
            using System.Collections.Generic;
            using Gain;

            public static class C
            {
                private static readonly List<int> s_list = [];
                private static readonly System.Text.RegularExpressions.Regex s_regex = new("a");
                private static readonly System.Diagnostics.ActivitySource s_source = new("a");

                [AllocationFree]
                public static void Run()
                {
                    {{call}};
                }

                private static void Further() => s_list.Add(1);
            }
            """);

        Assert.That(
            found, Has.All.StartsWith("GAIN1017: ").And.Some.Contains(expected), string.Join('\n', found));
    }
}
