using System.Globalization;
using System.Reflection;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Gain.Tests;

/// <summary>
/// The entry point of the mutated tests: NUnit by itself, one test after the other, as starting the usual
/// runner costs more than most tests.
/// </summary>
internal sealed class MutantHost : ITestListener
{
    private readonly NUnitTestAssemblyRunner _runner = new(new DefaultTestAssemblyBuilder());
    private readonly TextWriter _report;
    private readonly bool[] _reached;

    private MutantHost(TextWriter report, bool[] reached, IEnumerable<string> fixtures)
    {
        _report = report;
        _reached = reached;
        var settings = new Dictionary<string, object>
        {
            ["NumberOfTestWorkers"] = 0,
            ["StopOnError"] = reached.Length == 0,
            ["LOAD"] = fixtures.ToList(),
        };
        _runner.Load(Assembly.GetExecutingAssembly(), settings);
    }

    private bool HasFailed { get; set; }

    // reach REPORT MUTANTS FIXTURE...: what each test of the fixtures takes and reaches.
    // run PLAN: the tests that the lines of a file name, in groups between empty lines, until one fails.
    private static int Main(string[] arguments) =>
        arguments[0] == "reach" ? Reach(arguments) : Run(arguments[1]);

    private static int Reach(string[] arguments)
    {
        bool[] reached = new bool[int.Parse(arguments[2], CultureInfo.InvariantCulture) + 1];
        AppDomain.CurrentDomain.SetData("GainMutants", reached);
        using var report = new StreamWriter(arguments[1]);
        var host = new MutantHost(report, reached, arguments[3..]);
        Array.Clear(reached);
        host._runner.Run(host, TestFilter.Empty);
        return 0;
    }

    private static int Run(string plan)
    {
        string[] lines = File.ReadAllLines(plan);
        IEnumerable<string> fixtures = lines.Where(line => line.Length != 0).Select(ClassOf).Distinct();
        var host = new MutantHost(Console.Out, [], fixtures);
        int start = 0;
        while (start < lines.Length && !host.HasFailed)
        {
            int end = Array.IndexOf(lines, "", start);
            end = end < 0 ? lines.Length : end;
            host._runner.Run(host, new NamedTests([.. lines[start..end]]));
            start = end + 1;
        }

        return host.HasFailed ? 1 : 0;
    }

    // "A.Tests(1).Does(2.5)" is of A.Tests: no dot of a namespace stands behind a parenthesis.
    private static string ClassOf(string test)
    {
        int open = test.IndexOf('(');
        string head = open < 0 ? test : test[..open];
        bool ofFixture = open >= 0 && test.IndexOf(").", open, StringComparison.Ordinal) is var close
            && close >= 0 && !test[open..close].Contains('"') && char.IsUpper(test[close + 2]);
        return ofFixture ? head : head[..head.LastIndexOf('.')];
    }

    public void TestStarted(ITest test)
    {
        if (!test.IsSuite && _reached.Length == 0)
        {
            _report.WriteLine($"start\t{test.FullName}");
            _report.Flush();
        }
    }

    public void TestFinished(ITestResult result)
    {
        bool isFailure = result.ResultState.Status == TestStatus.Failed;
        HasFailed |= isFailure;
        if (result.Test.IsSuite && !isFailure)
        {
            return;
        }

        if (_reached.Length == 0)
        {
            _report.WriteLine($"{(isFailure ? "failed" : "passed")}\t{result.Test.FullName}");
            _report.Flush();
            return;
        }

        if (!result.Test.IsSuite)
        {
            string ids = string.Join(',', Enumerable.Range(0, _reached.Length).Where(id => _reached[id]));
            Array.Clear(_reached);
            string seconds = result.Duration.ToString("F4", CultureInfo.InvariantCulture);
            _report.WriteLine($"{seconds}\t{result.ResultState.Status}\t{ids}\t{result.Test.FullName}");
        }
    }

    public void TestOutput(TestOutput output)
    {
        // The tests' own words are of no interest.
    }

    public void SendMessage(TestMessage message)
    {
        // Nor are those between tests and runner.
    }

    private sealed class NamedTests(HashSet<string> names) : TestFilter
    {
        public override bool Match(ITest test) => !test.IsSuite && names.Contains(test.FullName);

        public override TNode AddToXml(TNode parentNode, bool recursive) => parentNode.AddElement("named");
    }
}
