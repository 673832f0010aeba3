using Gain.Analyzers.HotPath;
using Gain.Tests.Analyzers.Rules;

namespace Gain.Tests.Analyzers.Allocation;

/// <summary>What the attributes and the user's own list change.</summary>
public sealed class MarkTests
{
    [Test]
    [Reports("GAIN1015")]
    public Task Allowing_an_allocation_takes_a_reason() => Verify("""
        internal static class Parts
        {
            [{|GAIN1015:AllowAllocation("")|}]
            public static object Make() => new();

            [{|GAIN1015:AllowAllocation(" ")|}]
            public static object Made => new();

            public static object Kept
            {
                get => Made;

                [{|GAIN1015:AllowAllocation("")|}]
                set => _ = value;
            }

            public static void Run()
            {
                Local();
                Action lambda = [{|GAIN1015:AllowAllocation("")|}] () => Make();
                lambda();

                [{|GAIN1015:AllowAllocation("")|}]
                static void Local() => Make();
            }
        }

        internal static partial class Halves
        {
            public static partial object Make();

            [{|GAIN1015:AllowAllocation("")|}]
            public static partial object Make() => new();
        }
        """);

    [Test]
    public Task Reason_lets_a_function_within_a_method_allocate() => Verify("""
        internal static class Parts
        {
            private static object s_kept;

            [AllocationFree]
            public static void Run()
            {
                Local();
                Action lambda = [AllowAllocation("Rarely.")] static () => s_kept = new object();
                lambda();

                [AllowAllocation("Rarely.")]
                static void Local() => s_kept = new object();
            }
        }
        """);

    [Test]
    [Allows("GAIN1015")]
    public Task Reason_lets_a_callback_call_what_allocates() => Verify("""
        [GainProtocol]
        public partial struct Handler
        {
            private void OnAccept(Connection connection) => _state = Make();

            private object _state;

            [AllowAllocation("Once a connection.")]
            private static object Make() => new();
        }
        """);

    [Test]
    public Task Marked_method_is_checked_where_it_stands_and_trusted_by_its_callers() => Verify("""
        [GainProtocol]
        public partial struct Handler
        {
            private void OnAccept(Connection connection) => _state = Make();

            private object _state;

            [AllocationFree]
            private static object Make() => {|GAIN1001:new()|};
        }
        """);

    [Test]
    public Task Parser_of_a_framing_of_ones_own_is_a_hot_path() => Verify("""
        [GainProtocol]
        [CustomFraming(MaxFrameLength = 100)]
        public partial struct Handler
        {
            private static bool TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)
            {
                _ = {|GAIN1002:new byte[4]|};
                Thread.{|GAIN2001:Sleep|}(1);
                frame = buffer;
                buffer = default;
                return true;
            }

            private void OnFrame(Connection connection, ReadOnlySpan<byte> frame)
            {
            }
        }
        """);

    [Test]
    public Task Choice_of_a_balancer_is_a_hot_path() => Verify("""
        internal struct Chooser : IBalancer
        {
            public static object Last;

            public int Pick(GainAddress peer, WorkerLoads loads)
            {
                Last = {|GAIN1001:new object()|};
                Thread.{|GAIN2001:Sleep|}(1);
                return 0;
            }

            public object Other() => new();
        }

        internal sealed class Hidden : IBalancer
        {
            private readonly object _lock = new();

            int IBalancer.Pick(GainAddress peer, WorkerLoads loads)
            {
                {|GAIN2004:lock|} (_lock)
                {
                    return 0;
                }
            }
        }
        """);

    [Test]
    public Task Marked_generic_method_is_checked_for_the_types_of_a_call() => Verify("""
        internal struct Plain
        {
            public int X = 1;

            public Plain()
            {
            }
        }

        internal static class Parts
        {
            [AllocationFree]
            private static int HashOf<T>(T value) => value.{|GAIN1013:GetHashCode|}();

            [AllocationFree]
            public static int OfNumber() => HashOf(5);

            [AllocationFree]
            public static int OfPlain() => {|GAIN1014:HashOf|}(default(Plain));
        }
        """);

    [Test]
    public Task Marked_property_is_checked() => Verify("""
        internal static class Parts
        {
            [AllocationFree]
            public static object Made => {|GAIN1001:new object()|};
        }
        """);

    [Test]
    public Task Start_of_the_server_may_allocate_and_block() => Verify("""
        [GainProtocol]
        public partial struct Handler
        {
            private void OnStart()
            {
                Thread.Sleep(0);
                _state = new object();
            }

            private object _state;

            private readonly void OnRead(Connection connection) => _ = _state;
        }
        """);

    [Test]
    public Task Other_methods_may_allocate() => Verify("""
        [GainProtocol]
        public partial struct Handler
        {
            private readonly void OnRead(Connection connection) => connection.Close();

            public static object Make() => new();
        }
        """);

    [Test]
    public Task Everything_that_a_callback_may_call_of_its_connection_is_known_to_be_free() => Verify("""
        [GainProtocol]
        public partial struct Handler
        {
            private void OnRead(Connection connection, ReadOnlySpan<byte> data)
            {
                if (!connection.IsClosing && connection.OutboundBytes < 1000 && connection.TrySend(data))
                {
                    connection.Send(data);
                    data.CopyTo(connection.GetSpan(data.Length));
                    connection.Advance(data.Length);
                    connection.SetTimer(TimeSpan.FromSeconds(1));
                    _handle = connection.Handle;
                    _now = connection.NowMs + connection.WorkerIndex + connection.Descriptor;
                }

                connection.Close();
            }

            private void OnTimer(Connection connection) => _now = connection.NowMs;

            private void OnProtocolError(ProtocolError error) => _now = error.MaxFrameLength;

            private readonly void OnClose(CloseReason reason) => _ = _handle.Equals(default);

            private ConnectionHandle _handle;
            private long _now;
        }
        """);

    [Test]
    public async Task Transitive_diagnostic_tells_the_way()
    {
        string[] messages = await HotPathRun.MessagesOf("""
            [Gain.GainProtocol]
            public partial struct Handler
            {
                void OnAccept(Gain.Connection connection) => A.First();
            }

            internal static class A
            {
                public static void First() => Second();

                private static void Second() => System.Console.Write(new object());
            }
            """);
        Assert.That(
            messages,
            Does.Contain(
                "GAIN1014: A.First() allocates: A.Second() → object is created on the managed heap "
                + "(GAIN1001)"));
    }

    [Test]
    public async Task Steps_of_the_way_are_further_locations()
    {
        var diagnostic = (await HotPathRun.Of("""
            [Gain.GainProtocol]
            public partial struct Handler
            {
                void OnAccept(Gain.Connection connection) => A.First();
            }

            internal static class A
            {
                public static object First() => Second();

                private static object Second() => new();
            }
            """)).Single(one => one.Id == "GAIN1014");
        Assert.That(
            diagnostic.AdditionalLocations.Select(place => place.GetLineSpan().StartLinePosition.Line),
            Is.EqualTo([8, 10]));
    }

    [TestCase("M:External.Slow", "GAIN1013")]
    [TestCase("M:System.Collections.Generic.IList`1.get_Item(System.Int32)", null)]
    [TestCase("-M:System.Collections.Generic.IList`1.get_Item(System.Int32)", "GAIN1012")]
    [TestCase("P:System.Collections.Generic.IList`1.Item(System.Int32)", null)]
    [TestCase("T:System.Collections.Generic.IList`1", null)]
    [TestCase("N:System.Collections.Generic", null)]
    [TestCase("# a comment", "GAIN1013")]
    public async Task Own_list_decides_what_no_table_knows(string line, string? id)
    {
        const string Source = """
            internal static class A
            {
                [Gain.AllocationFree]
                public static int First(System.Collections.Generic.IList<int> list) => list[0];
            }
            """;
        var found = await HotPathRun.Of(Source, ("my.allocations.txt", line));
        Assert.That(found.Select(one => one.Id), Is.EqualTo(id is null ? Array.Empty<string>() : [id]));
    }

    [Test]
    [Reports("GAIN1016")]
    public async Task Line_that_is_no_id_is_reported_where_it_stands()
    {
        var found = await HotPathRun.Of("class A;", ("my.allocations.txt", "T:System.Int32\nnonsense"));
        Assert.That(found.Select(one => one.Id), Is.EqualTo(["GAIN1016"]));
        Assert.That(found[0].Location.GetLineSpan().StartLinePosition.Line, Is.EqualTo(1));
    }

    [Test]
    [Allows("GAIN1016")]
    public async Task File_of_another_name_is_no_list() => Assert.That(
        await HotPathRun.Of("class A;", ("readme.txt", "nonsense"), ("a.allocations.txt", "-T:A\n\n# x")),
            Is.Empty);

    private static Task Verify(string source) =>
        RuleVerifier.Verify<HotPathAnalyzer>("#nullable disable annotations\n" + source);
}
