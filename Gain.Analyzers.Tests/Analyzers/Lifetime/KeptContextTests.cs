using Gain.Analyzers.Lifetime;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Lifetime;

/// <summary>A session's context that others find is reported, one that stays in its session is not.
/// </summary>
public sealed class KeptContextTests
{
    [TestCase("public static SessionContext {|GAIN3009:Last|};")]
    [TestCase("public static SessionContext? {|GAIN3009:Last|};")]
    [TestCase("private SessionContext {|GAIN3009:_own|};")]
    [TestCase("private SessionContext[] {|GAIN3009:_all|};")]
    [TestCase("private SessionContext {|GAIN3009:Own|} { get; set; }")]
    [TestCase("private List<SessionContext> {|GAIN3009:_all|};")]
    [TestCase("private Dictionary<string, (SessionContext, int)> {|GAIN3009:_all|};")]
    [Reports("GAIN3009")]
    public Task Member_of_a_class_or_a_handler_that_holds_one_is_reported(string member)
    {
        string used = "#pragma warning disable CS0169, CS0649, CS8618, CA1823\n";
        return Task.WhenAll(
            Verify($"{used}public sealed class Holder {{ {member} }}"),
            RuleVerifier.Verify<LifetimeAnalyzer>(
                $"{used}[GainProtocol] public partial struct Handler {{ {member} void OnAccept() {{ }} }}"));
    }

    [TestCase(
        "public sealed class Holder(SessionContext s) { "
        + "public void Say() => {|GAIN3009:s|}.Send(default); }")]
    [TestCase("public sealed record Holder(SessionContext {|GAIN3009:S|});")]
    [TestCase("public struct Holder { public static SessionContext {|GAIN3009:Last|}; }")]
    [Reports("GAIN3009")]
    public Task Type_that_keeps_one_is_reported(string source) => Verify(source);

    [TestCase("all.Add({|GAIN3009:s|});")]
    [TestCase("System.Collections.Generic.IList<SessionContext> list = all; list.Insert(0, {|GAIN3009:s|});")]
    [TestCase("new Queue<SessionContext>().Enqueue({|GAIN3009:s|});")]
    [TestCase("new Dictionary<int, SessionContext>().TryAdd(1, {|GAIN3009:s|});")]
    [TestCase("new System.Threading.Tasks.TaskCompletionSource<SessionContext>().SetResult({|GAIN3009:s|});")]
    [TestCase("_ = System.Threading.Tasks.Task.Run(() => {|GAIN3009:s|}.Send(default));")]
    [TestCase(
        "SessionContext same = s; "
        + "_ = System.Threading.Tasks.Task.Run(() => {|GAIN3009:same|}.Send(default));")]
    [TestCase("_ = s.Offload(() => {|GAIN3009:s|}.IsEnded);")]
    [TestCase("new System.Threading.Thread(() => {|GAIN3009:s|}.Send(default)).Start();")]
    [TestCase(
        "new System.Threading.CancellationTokenSource().Token.Register("
        + "() => {|GAIN3009:s|}.Send(default));")]
    [TestCase("System.AppDomain.CurrentDomain.ProcessExit += (_, _) => {|GAIN3009:s|}.Send(default);")]
    [TestCase("Callback = () => {|GAIN3009:s|}.Send(default);")]
    [Reports("GAIN3009")]
    public Task Collection_or_lambda_that_gets_one_is_reported(string code) => Verify("", code);

    [TestCase("Helper(s);")]
    [TestCase("SessionContext same = s; Helper(same);")]
    [TestCase("Action say = () => s.Send(default); say();")]
    [TestCase("all.ForEach(_ => s.Send(default)); _ = all.Contains(s);")]
    [TestCase("System.Threading.SynchronizationContext.Current!.Post(_ => s.Send(default), null);")]
    [TestCase("ConnectionHandle own = s.Handle; _ = System.Threading.Tasks.Task.Run(() => own.TryClose());")]
    [TestCase("_ = System.Threading.Tasks.Task.Run(() => { SessionContext none = default; return none; });")]
    [TestCase("Func<SessionContext, bool> ends = static one => one.IsEnded; _ = ends(s);")]
    [TestCase("_ = new Pair(s).IsEnded;")]
    [Allows("GAIN3009")]
    public Task What_stays_in_the_session_is_not(string code) => Verify("", code);

    private static Task Verify(string source, string code = "") => RuleVerifier.Verify<LifetimeAnalyzer>($$"""
        {{source}}

        [GainProtocol]
        public partial struct Session1
        {
            private static Action? Callback { get; set; }

            private static async Session OnSession(SessionContext s)
            {
                List<SessionContext> all = [];
                _ = all.Count;
                {{code}}
                await Wait(s);
            }

            private static async Part Wait(SessionContext s) => await s.Read();

            private static void Helper(in SessionContext s) => s.Send(default);

            private readonly struct Pair(SessionContext s)
            {
                private readonly SessionContext _s = s;

                public bool IsEnded => _s.IsEnded;
            }
        }
        """);
}
