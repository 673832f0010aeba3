using System.Text.RegularExpressions;

namespace Gain.TestReport;

/// <summary>One test that was run, or was not.</summary>
/// <param name="Fixture">Its class, without the namespace.</param>
/// <param name="Name">Its method and arguments.</param>
/// <param name="Outcome">The runner's word, as in <c>Passed</c>.</param>
/// <param name="Message">What it says of that, in one line; empty if nothing.</param>
internal sealed partial record TestResult(string Fixture, string Name, string Outcome, string Message)
{
    private const int MostCharacters = 300;

    public bool IsPassed => Outcome == "Passed";

    /// <summary>Left out, by the test itself or by the runner.</summary>
    public bool IsSkipped => Outcome is "NotExecuted" or "Inconclusive" or "NotRunnable";

    /// <summary>A line of the report. A reason is told whole, a failure from its beginning.</summary>
    public string Line
    {
        get
        {
            string message = Spaces().Replace(Message, " ").Trim();
            if (!IsSkipped && message.Length > MostCharacters)
            {
                message = message[..MostCharacters];
            }

            string mark = IsSkipped ? "skip" : "FAIL";
            return $"{mark}  {Fixture}.{Name}: {(message.Length == 0 ? "no reason given" : message)}";
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
