using Gain.Proxy.Listening;
using Gain.Proxy.Pools;

namespace Gain.Tests.Balancer;

/// <summary>Tags of listeners that examples/Proxy adds: each is another's as late as can be.</summary>
public sealed class EntranceTableTests
{
    [Test]
    public void Every_tag_but_that_of_the_start_is_taken_once_and_the_one_given_back_first_is_the_next()
    {
        var table = new EntranceTable();
        Entrance[] entrances = [.. Enumerable.Range(0, 255).Select(_ => NewEntrance())];
        byte[] tags = Array.ConvertAll(entrances, entrance => Take(table, entrance));
        Assert.That(tags, Is.Unique.And.No.Member(EntranceTable.OfStart));
        Assert.That(tags.Select(tag => table[tag]), Is.EqualTo(entrances));
        Assert.That(table.TryTake(NewEntrance(), out _), Is.False);

        // Who is on the way still finds where it came in.
        table.GiveBack(tags[200]);
        table.GiveBack(tags[100]);
        Assert.That(table[tags[200]], Is.SameAs(entrances[200]));
        Entrance next = NewEntrance();
        Assert.That(Take(table, next), Is.EqualTo(tags[200]));
        Assert.That(table[tags[200]], Is.SameAs(next));
        Assert.That(table[tags[100]], Is.SameAs(entrances[100]));
        Assert.That(Take(table, next), Is.EqualTo(tags[100]));
        Assert.That(table.TryTake(next, out _), Is.False);
    }

    private static Entrance NewEntrance() => new(new Routes(null, null), TimeSpan.FromSeconds(1));

    private static byte Take(EntranceTable table, Entrance entrance)
    {
        Assert.That(table.TryTake(entrance, out byte tag));
        return tag;
    }
}
