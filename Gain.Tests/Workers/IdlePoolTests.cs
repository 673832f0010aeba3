using System.Net;
using Gain.Slots;
using Gain.Sockets;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>Which connections are kept, which are found, and which have to go, without a socket.</summary>
[Parallelizable]
public sealed class IdlePoolTests
{
    private const byte Kept = 3;
    private const byte NotKept = 2;
    private const byte AlsoKept = 4;
    private const int Slots = 8;

    private static readonly RemoteEnd s_one = new(Address("192.0.2.1:80"));
    private static readonly RemoteEnd s_two = new(Address("192.0.2.2:80"));

    private static GainAddress Address(string text) => GainAddress.FromIPEndPoint(IPEndPoint.Parse(text));

    private static IdlePool Make(int perTarget = Slots, int all = Slots)
    {
        var setting = new PoolSetting(perTarget, all, IdleMs: 1_234);
        return IdlePool.For(
            new DialSettings(NotKept, [Setting(null), Setting(setting), Setting(setting)]), Slots)!;
    }

    private static DialSetting Setting(PoolSetting? pool) => new(
        new OutgoingSockets(new SocketSettings(), new DialOptions()), 1_000, null!, 250, Pool: pool);

    private static int Keep(IdlePool pool, int slot, RemoteEnd target, byte address = Kept)
    {
        pool.Begin(slot, address, target);
        return pool.Add(slot);
    }

    [Test]
    public void Nothing_is_kept_where_no_protocol_keeps_anything() =>
        Assert.That(IdlePool.For(new DialSettings(0, [Setting(null)]), Slots), Is.Null);

    [Test]
    public void What_is_kept_and_for_how_long_is_its_protocols_matter()
    {
        IdlePool pool = Make();
        pool.Begin(1, Kept, s_one);
        pool.Begin(2, NotKept, s_one);
        Assert.That(pool.IsKeepable(1));
        Assert.That(pool.IsKeepable(2), Is.False);
        Assert.That(pool.IsKeepable(3), Is.False, "it was not dialled");
        Assert.That(pool.Keeps(Kept));
        Assert.That(pool.Keeps(NotKept), Is.False);
        Assert.That(pool.IdleMsOf(1), Is.EqualTo(1_234));
        Assert.That(pool.IsIdle(1), Is.False, "it is up");
    }

    [Test]
    public void The_last_one_that_was_given_back_is_taken_first_and_only_for_its_target_and_protocol()
    {
        IdlePool pool = Make();
        Keep(pool, 1, s_one);
        Keep(pool, 2, s_one);
        Keep(pool, 3, s_two);
        Keep(pool, 4, s_one, AlsoKept);
        Assert.That(pool.Find(Kept, s_one), Is.EqualTo(2));
        Assert.That(pool.Take(Kept, s_one, taker: 7), Is.EqualTo(2));
        Assert.That(pool.TakerOf(2), Is.EqualTo(7));
        Assert.That(pool.IsIdle(2), Is.False);
        Assert.That(pool.Take(Kept, s_one, 7), Is.EqualTo(1));
        Assert.That(pool.Take(Kept, s_one, 7), Is.EqualTo(Slot.None));
        Assert.That(pool.Take(Kept, s_two, 0), Is.EqualTo(3));
        Assert.That(pool.TakerOf(3), Is.Zero, "slot 0 is a taker too");
        Assert.That(pool.Take(AlsoKept, s_one, 7), Is.EqualTo(4));
    }

    [Test]
    public void Whose_dial_is_over_has_no_taker_and_who_is_forgotten_nothing_at_all()
    {
        IdlePool pool = Make();
        Keep(pool, 1, s_one);
        pool.Take(Kept, s_one, 7);
        pool.DropTaker(1);
        Assert.That(pool.TakerOf(1), Is.EqualTo(Slot.None));
        pool.Spoil(1, PoolEnd.Peer);
        pool.Forget(1);
        Assert.That(pool.IsKeepable(1), Is.False);
        Assert.That(pool.EndOf(1), Is.EqualTo(PoolEnd.None));
    }

    [Test]
    public void Beyond_what_one_target_may_have_its_oldest_goes()
    {
        IdlePool pool = Make(perTarget: 2);
        Assert.That(Keep(pool, 1, s_one), Is.EqualTo(Slot.None));
        Assert.That(Keep(pool, 2, s_two), Is.EqualTo(Slot.None));
        Assert.That(Keep(pool, 3, s_one), Is.EqualTo(Slot.None));
        Assert.That(Keep(pool, 4, s_one), Is.EqualTo(1));
        pool.Remove(1);
        Assert.That(Keep(pool, 5, s_one), Is.EqualTo(3));
    }

    [Test]
    public void Beyond_what_a_protocol_may_have_the_oldest_of_any_target_goes()
    {
        IdlePool pool = Make(all: 2);
        Keep(pool, 1, s_one);
        Keep(pool, 2, s_two);
        Assert.That(Keep(pool, 3, s_one, AlsoKept), Is.EqualTo(Slot.None), "another protocol");
        Assert.That(Keep(pool, 4, s_two), Is.EqualTo(1));
        pool.Remove(1);
        Assert.That(Keep(pool, 5, s_two), Is.EqualTo(2));
    }

    [Test]
    public void Something_that_came_makes_it_useless_for_ever()
    {
        IdlePool pool = Make();
        Keep(pool, 1, s_one);
        Assert.That(pool.EndOf(1), Is.EqualTo(PoolEnd.None));
        pool.Spoil(1, PoolEnd.Peer);
        Assert.That(pool.EndOf(1), Is.EqualTo(PoolEnd.Peer));
        Assert.That(pool.IsIdle(1), Is.False);
        Assert.That(pool.Find(Kept, s_one), Is.EqualTo(Slot.None));
    }

    // A model: lists of those that are kept, newest first.
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Whichever_are_removed_the_others_keep_their_order(int seed)
    {
        var random = new Random(seed);
        IdlePool pool = Make(perTarget: 3, all: 5);
        var model = new List<(int Slot, bool IsOne)>();
        for (int step = 0; step < 2_000; step++)
        {
            int slot = random.Next(Slots);
            if (model.RemoveAll(kept => kept.Slot == slot) != 0)
            {
                pool.Remove(slot);
                Assert.That(pool.IsIdle(slot), Is.False);
                continue;
            }

            bool isOne = random.Next(2) == 0;
            (int Slot, bool IsOne)[] same = [.. model.Where(kept => kept.IsOne == isOne)];
            int expected = same.Length >= 3 ? same[^1].Slot : model.Count >= 5 ? model[^1].Slot : Slot.None;
            Assert.That(Keep(pool, slot, isOne ? s_one : s_two), Is.EqualTo(expected), $"step {step}");
            model.Insert(0, (slot, isOne));
            if (expected != Slot.None)
            {
                pool.Remove(expected);
                model.RemoveAll(kept => kept.Slot == expected);
            }

            foreach ((RemoteEnd target, bool ofOne) in new[] { (s_one, true), (s_two, false) })
            {
                int index = model.FindIndex(kept => kept.IsOne == ofOne);
                Assert.That(
                    pool.Find(Kept, target), Is.EqualTo(index < 0 ? Slot.None : model[index].Slot));
            }
        }
    }
}
