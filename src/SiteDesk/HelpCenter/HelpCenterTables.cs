using Microsoft.EntityFrameworkCore;
using SiteDesk.Platform.Data;
using SiteDesk.Platform.Files;
using SiteDesk.Sites;

namespace SiteDesk.HelpCenter;

internal sealed class HelpCenterTables : IMapTables
{
    private const int LanguageLength = 16;

    public void Map(ModelBuilder model, DatabaseEngine engine)
    {
        MapSections(model);
        MapArticles(model);
        MapTexts(model);
        MapReaders(model);
        model.Entity<HelpVersion>(version =>
        {
            version.ToVersionedTable("help_versions");
            version.HasKey(row => row.SiteId);
            version.Property(row => row.SiteId).ValueGeneratedNever();
            version.HasOne<Site>().WithOne().HasForeignKey<HelpVersion>(row => row.SiteId);
        });
        model.Entity<Synonyms>(synonyms =>
        {
            synonyms.ToTable("help_synonyms");
            synonyms.Property(row => row.Language).HasMaxLength(LanguageLength);
            synonyms.Property(row => row.Words).HasJson();
            synonyms.HasIndex(row => new { row.SiteId, row.Language });
            synonyms.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId);
        });
    }

    private static void MapSections(ModelBuilder model)
    {
        model.Entity<Section>(section =>
        {
            section.ToVersionedTable("help_sections");
            section.HasIndex(row => row.SiteId);
            section.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId).OnDelete(DeleteBehavior.Restrict);
            section.HasOne<Section>().WithMany().HasForeignKey(row => row.ParentId).OnDelete(DeleteBehavior.Restrict);
            section.HasMany(row => row.Names).WithOne().HasForeignKey(name => name.SectionId);
        });
        model.Entity<SectionName>(name =>
        {
            name.ToTable("help_section_names");
            name.Property(row => row.Language).HasMaxLength(LanguageLength);
            name.Property(row => row.Name).HasMaxLength(SectionName.LongestName);
            name.Property(row => row.Slug).HasMaxLength(Slugs.Longest);
            name.Property(row => row.Description).HasMaxLength(SectionName.LongestDescription);
            name.HasIndex(row => new { row.SectionId, row.Language }).IsUnique();
            name.HasIndex(row => new { row.SiteId, row.Language, row.Slug }).IsUnique();
        });
    }

    private static void MapArticles(ModelBuilder model)
    {
        model.Entity<Article>(article =>
        {
            article.ToVersionedTable("help_articles");
            article.Property(row => row.SourceLanguage).HasMaxLength(LanguageLength);
            article.Ignore(row => row.Source);
            article.HasIndex(row => new { row.SiteId, row.RemovedAt });
            article.HasIndex(row => row.SectionId);
            article.HasIndex(row => new { row.SiteId, row.SectionId, row.Position, row.Id }); // the order of the authors' list
            article.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId).OnDelete(DeleteBehavior.Restrict);
            article.HasOne<Section>().WithMany().HasForeignKey(row => row.SectionId).OnDelete(DeleteBehavior.Restrict);
            article.HasMany(row => row.Texts).WithOne().HasForeignKey(text => text.ArticleId);
            article.HasMany(row => row.Related).WithOne().HasForeignKey(related => related.ArticleId);
        });
        model.Entity<RelatedArticle>(related =>
        {
            related.ToTable("help_related_articles");
            related.HasKey(row => new { row.ArticleId, row.RelatedId });
            related.HasIndex(row => row.RelatedId);
            related.HasOne<Article>().WithMany().HasForeignKey(row => row.RelatedId);
        });
        model.Entity<ArticleFile>(file =>
        {
            file.ToTable("help_article_files");
            file.HasKey(row => new { row.ArticleId, row.FileId });
            file.HasIndex(row => row.FileId);
            file.HasOne<Article>().WithMany().HasForeignKey(row => row.ArticleId);
            file.HasOne<StoredFile>().WithMany().HasForeignKey(row => row.FileId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<ArticleAddress>(address =>
        {
            address.ToTable("help_addresses");
            address.HasKey(row => new { row.SiteId, row.Language, row.Slug });
            address.Property(row => row.Language).HasMaxLength(LanguageLength);
            address.Property(row => row.Slug).HasMaxLength(Slugs.Longest);
            address.HasIndex(row => row.ArticleId);
            address.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId);
            address.HasOne<Article>().WithMany().HasForeignKey(row => row.ArticleId);
        });
    }

    private static void MapTexts(ModelBuilder model)
    {
        model.Entity<ArticleText>(text =>
        {
            text.ToVersionedTable("help_texts");
            text.Property(row => row.Language).HasMaxLength(LanguageLength);
            text.Property(row => row.Slug).HasMaxLength(Slugs.Longest);
            text.Ignore(row => row.IsPublished);
            text.OwnsOne(row => row.Review, review =>
            {
                review.Property(request => request.ById).HasColumnName("ReviewRequestedById");
                review.Property(request => request.At).HasColumnName("ReviewRequestedAt");
            });
            text.HasIndex(row => new { row.ArticleId, row.Language }).IsUnique();
            text.HasIndex(row => new { row.SiteId, row.Language, row.Slug }).IsUnique();
            text.HasIndex(row => row.PublishAt).HasFilter("\"PublishAt\" IS NOT NULL");
            text.HasOne(row => row.Draft).WithOne().HasForeignKey<ArticleDraft>(draft => draft.ArticleTextId);
            text.HasMany(row => row.Questions).WithOne().HasForeignKey(question => question.ArticleTextId);
        });
        model.Entity<ArticleVersion>(version =>
        {
            version.ToTable("help_article_versions");
            version.Property(row => row.Title).HasMaxLength(ArticleVersion.LongestTitle);
            version.Property(row => row.Summary).HasMaxLength(ArticleVersion.LongestSummary);
            version.Property(row => row.Remark).HasMaxLength(500);
            version.HasIndex(row => new { row.ArticleTextId, row.Number }).IsUnique();
            version.HasOne<ArticleText>().WithMany().HasForeignKey(row => row.ArticleTextId);
        });
        model.Entity<ArticleDraft>(draft =>
        {
            draft.ToVersionedTable("help_drafts");
            draft.HasKey(row => row.ArticleTextId);
            draft.Property(row => row.ArticleTextId).ValueGeneratedNever();
            draft.Property(row => row.Title).HasMaxLength(ArticleVersion.LongestTitle);
            draft.Property(row => row.Summary).HasMaxLength(ArticleVersion.LongestSummary);
        });
        model.Entity<ArticleQuestion>(question =>
        {
            question.ToTable("help_questions");
            question.Property(row => row.Text).HasMaxLength(ArticleQuestion.LongestText);
            question.HasIndex(row => new { row.ArticleTextId, row.Position });
        });
    }

    private static void MapReaders(ModelBuilder model)
    {
        model.Entity<HelpSearch>(search =>
        {
            search.ToTable("help_searches");
            search.Property(row => row.Language).HasMaxLength(LanguageLength);
            search.Property(row => row.Words).HasMaxLength(HelpSearch.LongestWords);
            search.HasIndex(row => new { row.SiteId, row.Day, row.Language, row.Words }).IsUnique();
            search.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId);
        });
        model.Entity<ArticleVote>(vote =>
        {
            vote.ToTable("help_votes");
            vote.Property(row => row.Language).HasMaxLength(LanguageLength);
            vote.Property(row => row.Words).HasMaxLength(HelpSearch.LongestWords);
            vote.Property(row => row.Text).HasMaxLength(ArticleVote.LongestText);
            vote.Property(row => row.Token).HasMaxLength(40);
            vote.HasIndex(row => row.Token).IsUnique();
            vote.HasIndex(row => new { row.ArticleId, row.CreatedAt });
            vote.HasIndex(row => row.CreatedAt);
            vote.HasOne<Article>().WithMany().HasForeignKey(row => row.ArticleId);
        });
        model.Entity<ArticleReading>(reading =>
        {
            reading.ToTable("help_readings");
            reading.HasKey(row => new { row.ArticleId, row.Language, row.Day });
            reading.Property(row => row.Language).HasMaxLength(LanguageLength);
            reading.HasIndex(row => row.Day);
            reading.HasOne<Article>().WithMany().HasForeignKey(row => row.ArticleId);
        });
        model.Entity<Deflection>(deflection =>
        {
            deflection.ToTable("help_deflections");
            deflection.Property(row => row.Language).HasMaxLength(LanguageLength);
            deflection.Property(row => row.Place).HasMaxLength(20);
            deflection.Property(row => row.Visit).HasMaxLength(64);
            deflection.HasIndex(row => new { row.Visit, row.ArticleId }).IsUnique();
            deflection.HasIndex(row => new { row.SiteId, row.OpenedAt });
            deflection.HasOne<Site>().WithMany().HasForeignKey(row => row.SiteId);
            deflection.HasOne<Article>().WithMany().HasForeignKey(row => row.ArticleId);
        });
    }
}
