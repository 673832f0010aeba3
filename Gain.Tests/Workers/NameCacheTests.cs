using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gain.Mail;
using Gain.Sockets;
using Gain.Tests.Server;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>What names stand for: in which order, for how long, and how many are kept.</summary>
[Parallelizable(ParallelScope.All)]
public class NameCacheTests
{
    private static readonly IPAddress[] s_found =
        Array.ConvertAll(["::1", "::2", "1.1.1.1", "::3", "2.2.2.2", "::2"], IPAddress.Parse);

    [Test]
    public void Families_take_turns_beginning_with_that_of_the_first()
    {
        string[] expected = ["[::1]:80", "1.1.1.1:80", "[::2]:80", "2.2.2.2:80", "[::3]:80"];
        Assert.That(Order(ListenFamily.Any), Is.EqualTo(expected));
    }

    [TestCase(ListenFamily.IPv4, "1.1.1.1:80,2.2.2.2:80")]
    [TestCase(ListenFamily.IPv6, "[::1]:80,[::2]:80,[::3]:80")]
    public void One_family_is_the_only_one_where_it_is_asked_for(object family, string expected) =>
        Assert.That(Order((ListenFamily)family), Is.EqualTo(expected.Split(',')));

    [Test]
    public void No_more_addresses_are_tried_than_may_be()
    {
        IPAddress[] many = [.. Enumerable.Range(1, 100).Select(i => new IPAddress(i << 24 | 10))];
        Assert.That(NameOrder.Of(many, Name("a")), Has.Length.EqualTo(NameOrder.MaxAddresses));
    }

    [Test]
    public void Answer_holds_for_its_lifetime_and_is_asked_for_anew_after_that()
    {
        var world = new World(new DialOptions { NameLifetime = TimeSpan.FromMilliseconds(100) });
        NameWaiter first = world.Ask("a");
        world.Answer("a", s_found);
        Assert.That(world.Take(), Is.SameAs(first));
        Assert.That(first.Addresses, Has.Length.EqualTo(5));
        world.NowMs += 99;
        Assert.That(world.Cache.TryFind(Name("a"), out GainAddress[] found));
        Assert.That(found, Is.SameAs(first.Addresses));
        world.NowMs++;
        Assert.That(world.Cache.TryFind(Name("a"), out _), Is.False);
        world.Ask("a");
        world.Answer("a", [IPAddress.Loopback]);
        Assert.That(world.Take().Addresses, Has.Length.EqualTo(1));
    }

    [Test]
    public void Failure_holds_for_its_own_lifetime()
    {
        var world = new World(new DialOptions { NameFailureLifetime = TimeSpan.FromMilliseconds(10) });
        world.Ask("a");
        world.Fail("a");
        Assert.That(world.Take().Addresses, Is.Empty);
        world.NowMs += 9;
        Assert.That(world.Cache.TryFind(Name("a"), out GainAddress[] found));
        Assert.That(found, Is.Empty);
        world.NowMs++;
        Assert.That(world.Cache.TryFind(Name("a"), out _), Is.False);
    }

    [Test]
    public void Name_is_asked_for_once_however_many_wait()
    {
        var world = new World(new DialOptions());
        for (int i = 0; i < 100; i++)
        {
            world.Ask("a");
        }

        world.Answer("a", s_found);
        for (int i = 0; i < 100; i++)
        {
            Assert.That(world.Take().Addresses, Has.Length.EqualTo(5));
        }

        Assert.That(world.Asked, Is.EqualTo(1));
    }

    [Test]
    public void Oldest_name_is_forgotten_at_the_limit()
    {
        var world = new World(new DialOptions { MaxNames = 2 });
        foreach (string name in new[] { "a", "b", "c" })
        {
            world.NowMs++;
            world.Ask(name);
            world.Answer(name, s_found);
            world.Take();
        }

        Assert.That(world.Cache.Count, Is.EqualTo(2));
        Assert.That(world.Cache.TryFind(Name("a"), out _), Is.False);
        Assert.That(world.Cache.TryFind(Name("b"), out _));
        Assert.That(world.Cache.TryFind(Name("c"), out _));
    }

    [Test]
    public void Name_has_no_address_while_as_many_as_may_be_are_looked_up()
    {
        var world = new World(new DialOptions { MaxNames = 2 });
        world.Ask("a");
        world.Ask("b");

        // Threads of the pool take the questions in any order: the third is the one that comes last.
        world.AwaitAsked(2);
        NameWaiter third = world.Ask("c");
        Assert.That(world.Take(), Is.SameAs(third));
        Assert.That(third.Addresses, Is.Empty);
        world.Answer("a", s_found);
        world.Take();
        world.Ask("c");
        world.Answer("c", s_found);
        Assert.That(world.Take().Addresses, Has.Length.EqualTo(5));
    }

    [Test]
    public void Lookups_beyond_those_that_may_run_wait_for_their_turn()
    {
        var world = new World(new DialOptions());
        for (int i = 0; i <= NameCache.MaxLookups; i++)
        {
            world.Ask($"{i}");
        }

        world.AwaitAsked(NameCache.MaxLookups);
        Assert.That(world.Cache.Count, Is.EqualTo(NameCache.MaxLookups + 1));
        Assert.That(world.Asked, Is.EqualTo(NameCache.MaxLookups));
        world.Answer(world.AnyAsked(), s_found);
        world.Take();
        world.AwaitAsked(NameCache.MaxLookups + 1);
    }

    [Test]
    public void Dials_that_have_given_up_are_not_kept_while_a_lookup_lasts()
    {
        var world = new World(new DialOptions());
        var entry = new NameEntry();
        for (int i = 0; i < 10_000; i++)
        {
            NameWaiter waiter = world.Waiter("a");
            entry.Add(waiter);
            waiter.GiveUp();
        }

        Assert.That(entry.Waiting, Is.LessThan(16));
    }

    [Test]
    public void An_answer_is_for_those_who_waited_for_it_and_for_no_others()
    {
        var world = new World(new DialOptions());
        var entry = new NameEntry();
        NameWaiter[] waiters = [world.Waiter("a"), world.Waiter("a"), world.Waiter("a")];
        Assert.That(entry.Add(waiters[0]), "nobody asks yet");
        Assert.That(entry.Add(waiters[1]), Is.False);
        Assert.That(entry.End(null!), Is.EqualTo(waiters[..2]));
        Assert.That(entry.Waiting, Is.Zero);
        Assert.That(entry.Add(waiters[2]), "the first lookup is over");
        Assert.That(entry.End(null!), Is.EqualTo(waiters[2..]));
    }

    private static string[] Order(ListenFamily family) =>
        [.. NameOrder.Of(s_found, new DialName("some.test", 80, family)).Select(one => $"{one}")];

    private static DialName Name(string host) => new(host, 80, ListenFamily.Any);

    /// <summary>A cache whose time and resolver are the test's.</summary>
    private sealed class World
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource<IPAddress[]>> _lookups = new();
        private readonly NameInbox _inbox = new(new Mailbox(2));
        private int _asked;

        public World(DialOptions options)
        {
            Cache = new NameCache(
                options,
                name =>
                {
                    // In this order: what was asked for is there to be answered.
                    Task<IPAddress[]> answer =
                        (_lookups[name] = new TaskCompletionSource<IPAddress[]>()).Task;
                    Interlocked.Increment(ref _asked);
                    return answer;
                },
                () => NowMs);
        }

        public NameCache Cache { get; }

        public long NowMs { get; set; } = 1_000;

        public int Asked => Volatile.Read(ref _asked);

        public NameWaiter Waiter(string name) => new(Name(name), 0, _inbox);

        public NameWaiter Ask(string name)
        {
            NameWaiter waiter = Waiter(name);
            Cache.Ask(waiter);
            return waiter;
        }

        public void Answer(string name, IPAddress[] found) => TakeLookup(name).SetResult(found);

        public void Fail(string name) =>
            TakeLookup(name).SetException(new SocketException((int)SocketError.TryAgain));

        public string AnyAsked() => _lookups.Keys.First();

        public void AwaitAsked(int count) => Await(() => Asked >= count, $"{count} lookups");

        public NameWaiter Take()
        {
            NameWaiter? taken = null;
            Await(() => _inbox.TryTake(out taken), "an answer");
            return taken!;
        }

        private TaskCompletionSource<IPAddress[]> TakeLookup(string name)
        {
            TaskCompletionSource<IPAddress[]>? lookup = null;
            Await(() => _lookups.TryRemove(name, out lookup), $"the lookup of {name}");
            return lookup!;
        }

        private static void Await(Func<bool> condition, string what) =>
            Assert.That(SpinWait.SpinUntil(condition, Clients.Patience), $"{what} did not come");
    }
}
