using Gain.Analyzers.HotPath;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>Sessions and their parts are held to what callbacks are.</summary>
public sealed class SessionTests
{
    [TestCase("s_kept = {|GAIN1001:new object()|}; await s.Read();")]
    [TestCase("await s.Read(); s_kept = {|GAIN1002:new byte[4]|};")]
    [TestCase("s_kept = System.Text.Encoding.UTF8.{|GAIN1007:GetString|}(s.Data); await s.Read();")]
    [TestCase("while (await s.Read()) { {|GAIN1014:Make|}(); }")]
    [TestCase("int n = s.Data.Length; Func<int> work = () {|GAIN1004:=>|} n; await s.Offload(work);")]
    [TestCase("Task late = Task.{|GAIN1011:Delay|}(1); await late;")]
    [TestCase("Task late = {|GAIN1014:Help|}(); await late;")]
    [TestCase("await Number(s, {|GAIN1001:new object()|});")]
    [TestCase("await s.Delay(Time({|GAIN1001:new object()|}));")]
    [Reports("GAIN1001")]
    public Task What_allocates_in_a_session_is_reported(string body) => VerifySession(body);

    [TestCase("s_kept = {|GAIN1001:new object()|}; await s.Read(); return 1;")]
    [TestCase("await s.Read(); {|GAIN1014:Make|}(); return 1;")]
    [TestCase("await Own(); return 1; "
        + "async Part Own() { await s.Read(); s_kept = {|GAIN1001:new object()|}; }")]
    [Reports("GAIN1014")]
    public Task What_allocates_in_a_part_is_reported_where_it_stands(string body) => VerifyPart(body);

    [TestCase("await s.Read(); _ = s_task.{|GAIN2002:Result|};")]
    [TestCase("await s.Read(); s_task.{|GAIN2002:Wait|}();")]
    [TestCase("_ = s_task.GetAwaiter().{|GAIN2002:GetResult|}(); await s.Read();")]
    [TestCase("await s.Read(); Thread.{|GAIN2001:Sleep|}(1);")]
    [TestCase("await s.Read(); {|GAIN2008:Block|}();")]
    [TestCase("await Task.Delay(s_task.{|GAIN2002:Result|});")]
    [TestCase("await {|GAIN2008:HelpAndBlock|}();")]
    [Reports("GAIN2002")]
    public Task What_blocks_in_a_session_is_reported(string body) => VerifySession(body);

    [TestCase("await s.Read(); return s_task.{|GAIN2002:Result|};")]
    [TestCase("await s.Read(); {|GAIN2008:Block|}(); return 1;")]
    [Reports("GAIN2008")]
    public Task What_blocks_in_a_part_is_reported_where_it_stands(string body) => VerifyPart(body);

    [TestCase("while (await s.Read()) { s.Send(s.Data); s.Consume(s.Data.Length); }")]
    [TestCase("if (await s.Drained() && await s.Delay(TimeSpan.FromSeconds(1))) { s.Handler<A>().Count++; }")]
    [TestCase("int first = await Number(s, \"a\"); await Rest(s); _ = first;")]
    [TestCase("await Task.Delay(1); await Task.Delay(1).ConfigureAwait(false); await Task.Yield();")]
    [TestCase("int n = s.Data.Length; "
        + "Offloaded<int> done = await s.Offload(() => n); _ = done.TryGet(out _);")]
    [TestCase("_ = await s.Offload(() => { Thread.Sleep(1); return s_task.Result; });")]
    [TestCase("s_number = await Help(); await s_task;")]
    [TestCase("Connected up = await s.Connect(new A(), s_target); _ = up.TryGet(out _) || up.IsUp;")]
    [TestCase("if (await s_channel.Reader.WaitToReadAsync() && !s.IsEnded) { _ = s.TrySend(s.Data); }")]
    [TestCase("if (!await s.Read()) { throw new InvalidOperationException($\"{s.Handle}\"); }")]
    [TestCase("await Local(); async Part Local() => await s.Read();")]
    [Allows("GAIN1011")]
    public Task What_a_session_awaits_is_not_reported(string body) => VerifySession(body);

    [Test]
    public Task Part_that_may_allocate_says_so_itself() => Verify("""
        [GainProtocol]
        internal partial struct A
        {
            private static object? s_kept;

            private static async Session OnSession(SessionContext s)
            {
                await Greet(s);
                await Other(s);
            }

            [AllowAllocation("Once for each connection.")]
            private static async Part Greet(SessionContext s)
            {
                s_kept = new object();
                await s.Drained();
            }

            private static async Part Other(SessionContext s)
            {
                s_kept = {|GAIN1001:new object()|};
                await s.Drained();
            }
        }
        """);

    private static Task VerifySession(string body) => VerifyBoth(body, "await s.Read(); return 1;");

    private static Task VerifyPart(string body) => VerifyBoth("await Number(s, \"a\");", body);

    private static Task VerifyBoth(string session, string part) => Verify($$"""
        #nullable disable warnings
        #pragma warning disable CS0649, CS0414, CS0169
        [GainProtocol]
        internal partial struct A
        {
            private static object s_kept;
            private static int s_number;
            private static DialTarget s_target;
            private static readonly Task<int> s_task = Task.FromResult(1);
            private static readonly System.Threading.Channels.Channel<int> s_channel =
                System.Threading.Channels.Channel.CreateBounded<int>(1);

            public int Count;

            private static async Session OnSession(SessionContext s)
            {
                {{session}}
            }

            private static async Part<int> Number(SessionContext s, object o)
            {
                {{part}}
            }

            private static async Part Rest(SessionContext s) => await s.Drained();

            private static TimeSpan Time(object o) => TimeSpan.Zero;

            private static void Make() => s_kept = new object();

            private static void Block() => Thread.Sleep(1);

            private static async Task<int> Help()
            {
                await Task.Yield();
                return 1;
            }

            private static async Task<int> HelpAndBlock()
            {
                Thread.Sleep(1);
                await Task.Yield();
                return 1;
            }
        }
        """);

    private static Task Verify(string source) => RuleVerifier.Verify<HotPathAnalyzer>(source);
}
