using CsCheck;
using Gain.Rings;
using Gain.Uring;

namespace Gain.Tests.Rings;

public class CompletionListTests
{
    [Test]
    public void Each_batch_takes_what_was_there_when_it_began_in_order() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 8], Gen.Int[0, 5]).Array[0, 50].Sample(batches =>
        {
            using CompletionList list = CompletionList.TryCreate(1_000)!;
            var model = new Queue<ulong>();
            ulong next = 0;
            foreach ((int before, int takes, int during) in batches)
            {
                Fill(list, model, before, ref next);
                list.BeginBatch();
                int there = model.Count;
                Fill(list, model, during, ref next);
                for (int i = 0; i < takes; i++)
                {
                    bool taken = list.TryTake(out CompletionEntry completion);
                    Assert.That(taken, Is.EqualTo(i < there));
                    if (taken)
                    {
                        Assert.That(completion.UserData, Is.EqualTo(model.Dequeue()));
                    }
                }

                list.EndBatch();
                Assert.That(list.Count, Is.EqualTo(model.Count));
            }
        });

    [Test]
    public void More_than_can_be_is_a_defect_and_no_growth()
    {
        using CompletionList list = CompletionList.TryCreate(2)!;
        list.Add(1, 0, 0);
        list.Add(2, 0, 0);
        Assert.That(() => list.Add(3, 0, 0), Throws.InvalidOperationException);
    }

    private static void Fill(CompletionList list, Queue<ulong> model, int count, ref ulong next)
    {
        for (int i = 0; i < count && model.Count < 1_000; i++)
        {
            list.Add(next, 0, 0);
            model.Enqueue(next++);
        }
    }
}
