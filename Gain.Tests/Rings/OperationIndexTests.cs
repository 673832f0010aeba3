using CsCheck;
using Gain.Rings;

namespace Gain.Tests.Rings;

public class OperationIndexTests
{
    [Test]
    public void It_finds_what_a_dictionary_finds() => Gen.Select(
            Gen.Int[0, 200], Gen.Bool, Gen.ULong[0, 500], Gen.Bool)
        .Array[0, 400]
        .Sample(steps =>
        {
            using var table = new EpollTable(completionsBeside: 0);
            var index = new OperationIndex(table);
            var model = new Dictionary<ulong, (int Fd, bool IsSend)>();
            foreach ((int fd, bool isSend, ulong token, bool removes) in steps)
            {
                if (removes)
                {
                    Remove(index, model, fd, isSend);
                }
                else if (!model.ContainsKey(token) && !model.ContainsValue((fd, isSend)))
                {
                    Add(table, index, fd, isSend, token);
                    model.Add(token, (fd, isSend));
                }

                bool found = index.TryFind(token, out int foundFd, out bool foundSend);
                Assert.That(found, Is.EqualTo(model.TryGetValue(token, out (int Fd, bool IsSend) kept)));
                if (found)
                {
                    Assert.That((foundFd, foundSend), Is.EqualTo(kept));
                }
            }
        });

    [Test]
    public void Removing_what_is_not_there_is_refused()
    {
        using var table = new EpollTable(completionsBeside: 0);
        var index = new OperationIndex(table);
        Assert.That(() => index.RemoveRead(3), Throws.InvalidOperationException);
    }

    private static void Add(EpollTable table, OperationIndex index, int fd, bool isSend, ulong token)
    {
        if (isSend)
        {
            table[fd].SendToken = token;
            index.AddSend(fd);
        }
        else
        {
            table[fd].ReadToken = token;
            index.AddRead(fd);
        }
    }

    private static void Remove(
        OperationIndex index, Dictionary<ulong, (int Fd, bool IsSend)> model, int fd, bool isSend)
    {
        ulong[] tokens = [.. model.Where(pair => pair.Value == (fd, isSend)).Select(pair => pair.Key)];
        if (tokens.Length == 0)
        {
            return;
        }

        if (isSend)
        {
            index.RemoveSend(fd);
        }
        else
        {
            index.RemoveRead(fd);
        }

        model.Remove(tokens[0]);
    }
}
