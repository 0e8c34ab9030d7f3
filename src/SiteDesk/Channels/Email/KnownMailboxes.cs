using Microsoft.EntityFrameworkCore;
using SiteDesk.Customers;
using SiteDesk.Platform.Data;

namespace SiteDesk.Channels.Email;

/// <summary>The mailboxes as one unit of work sees them: there are few, and every mail asks several times. Read-only.</summary>
public sealed class KnownMailboxes(Database database)
{
    private List<Mailbox>? _inUse;

    /// <summary>Those in use, in order of creation.</summary>
    public async Task<IReadOnlyList<Mailbox>> InUseAsync(CancellationToken cancellation) =>
        _inUse ??= await database.Set<Mailbox>().AsNoTracking().Where(row => row.RemovedAt == null).OrderBy(row => row.Id).ToListAsync(cancellation);

    /// <summary>A mailbox, also one that was taken away.</summary>
    public async Task<Mailbox> FindAsync(long id, CancellationToken cancellation) =>
        (await InUseAsync(cancellation)).FirstOrDefault(mailbox => mailbox.Id == id)
        ?? await database.Set<Mailbox>().AsNoTracking().FirstAsync(row => row.Id == id, cancellation);

    /// <summary>Whether an address is one of ours, also with a token after a plus sign.</summary>
    public async Task<bool> IsOneAsync(string address, bool alsoWithToken, CancellationToken cancellation)
    {
        var key = ContactAddress.ParseEmail(address)?.Value;
        if (key is null)
            return false;
        var (plus, at) = (key.IndexOf('+', StringComparison.Ordinal), key.LastIndexOf('@'));
        var plain = alsoWithToken && plus > 0 && at > plus ? key[..plus] + key[at..] : key;
        return (await InUseAsync(cancellation)).Any(mailbox => mailbox.AddressKey == key || mailbox.AddressKey == plain);
    }
}
